import { describe, expect, it } from 'vitest';
import type { Fill, Transaction } from '@/api/types';
import { mergeFills, sumFills } from './fill-rows';

const bought = {
  id: '9:0:u',
  type: 'trade_buy',
  asset: 'BTC',
  amount: '0.09985',
  market: 'BTC-USDT',
  price: '60000',
  fee: '0.00015',
  fee_asset: 'BTC',
  role: 'maker',
  ref: 'BTC-USDT/17',
  created_at: '2026-01-01T00:00:00.000Z',
} as Transaction;
const sold = {
  ...bought,
  id: '10:0:u',
  type: 'trade_sell',
  amount: '-2',
  fee: '1',
  fee_asset: 'USDT',
  ref: 'ETH-USDT/3',
  market: 'ETH-USDT',
  price: '3000',
  created_at: '2026-01-02T00:00:00.000Z',
} as Transaction;
const live: Fill = {
  order_id: '1',
  market: 'BTC-USDT',
  side: 'buy',
  price: '60000',
  qty: '0.1',
  fee: '0.00015',
  fee_asset: 'BTC',
  role: 'taker',
  trade_id: 17,
  at: '2026-01-01T00:00:00.000Z',
  seq: 9,
};

describe('mergeFills', () => {
  it('shows the traded quantity, which is before the fee', () => {
    const rows = mergeFills([bought, sold], []);
    expect(rows.map(({ qty, total }) => [qty, total])).toEqual([
      ['2', '6000'],
      ['0.1', '6000'],
    ]);
  });

  it('counts a trade once that both sources tell', () => {
    expect(mergeFills([bought], [live])).toHaveLength(1);
    expect(mergeFills([bought], [{ ...live, trade_id: 18, at: '2026-01-03T00:00:00Z' }])[0]?.key).toBe(
      'BTC-USDT/18/buy',
    );
  });

  it('knows whether the order waited, from either source', () => {
    const later = { ...live, trade_id: 18, at: '2026-01-03T00:00:00Z' };
    expect(mergeFills([bought], [later]).map(({ role }) => role)).toEqual(['taker', 'maker']);
  });

  it('keeps to one market', () => {
    expect(mergeFills([bought, sold], [], 'ETH-USDT').map((row) => row.market)).toEqual(['ETH-USDT']);
  });

  it('leaves out lines that are no trades', () => {
    expect(mergeFills([{ ...bought, type: 'deposit' }], [])).toEqual([]);
  });
});

describe('sumFills', () => {
  it('weighs the average price by quantity', () => {
    expect(sumFills([live, { ...live, price: '60010', qty: '0.3' }])).toMatchObject({
      qty: '0.4',
      average: '60007.5',
      count: 2,
    });
  });
});
