import { describe, expect, it } from 'vitest';
import type { FillRow } from '../list/fill-rows';
import { calculatePositions, valuePosition } from './positions';

let minute = 0;
function fill(side: 'buy' | 'sell', qty: string, price: string, fee: string, change: Partial<FillRow> = {}) {
  minute += 1;
  const total = (BigInt(qty) * BigInt(price)).toString();
  return {
    key: `BTC-USDT/${minute}/${side}`,
    at: `2026-11-21T00:${minute.toString().padStart(2, '0')}:00.000Z`,
    market: 'BTC-USDT',
    side,
    role: 'taker',
    price,
    qty,
    total,
    fee,
    feeAsset: side === 'buy' ? 'BTC' : 'USDT',
    ...change,
  } satisfies FillRow;
}
const only = (fills: FillRow[]) => calculatePositions(fills)[0];

describe('calculatePositions', () => {
  it('spreads the cost over what arrived after the fee', () => {
    const position = only([fill('buy', '2', '100', '0.01'), fill('buy', '2', '200', '0')]);
    expect(position).toMatchObject({ qty: '3.99', cost: '600', realised: '0', fills: 2 });
  });

  it('realises a sale against the average cost, its fee taken off', () => {
    const position = only([
      fill('buy', '2', '100', '0'),
      fill('buy', '2', '200', '0'),
      fill('sell', '1', '250', '1'),
    ]);
    expect(position).toMatchObject({ qty: '3', cost: '450', realised: '99' });
  });

  it('ends at exactly nothing when all of it is sold', () => {
    const position = only([
      fill('buy', '3', '100', '0'),
      fill('sell', '1', '90', '0'),
      fill('sell', '2', '90', '0'),
    ]);
    expect(position).toMatchObject({ qty: '0', cost: '0', realised: '-30' });
  });

  it('makes no gain of coins whose cost is not known', () => {
    const position = only([fill('buy', '1', '100', '0'), fill('sell', '4', '200', '0')]);
    expect(position).toMatchObject({ qty: '0', realised: '100' });
    expect(only([fill('sell', '4', '200', '0')])).toMatchObject({ qty: '0', realised: '0', fills: 1 });
  });

  it('puts fills into their order by itself, and keeps markets apart', () => {
    const [first, second] = [fill('buy', '1', '100', '0'), fill('sell', '1', '150', '0')];
    expect(only([second, first])?.realised).toBe('50');
    const other = fill('buy', '1', '7', '0', { market: 'ETH-USDT', feeAsset: 'ETH' });
    expect(calculatePositions([other, first]).map(({ market }) => market)).toEqual(['BTC-USDT', 'ETH-USDT']);
  });
});

describe('valuePosition', () => {
  const position = { market: 'BTC-USDT', qty: '3', cost: '450', realised: '0', fills: 1 };

  it('compares the price with the average cost', () => {
    expect(valuePosition(position, '140')).toEqual({
      averageCost: '150',
      value: '420',
      unrealised: '-30',
      unrealisedPercent: '-6.67',
    });
  });

  it('tells nothing of an unknown price or of nothing held', () => {
    expect(valuePosition(position, null)).toMatchObject({ averageCost: '150', unrealised: null });
    expect(valuePosition({ ...position, qty: '0', cost: '0' }, '140').averageCost).toBeNull();
  });
});
