import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fill } from '@/api/types';
import { addFillRaw, useAccount } from '@/stream/account-store';
import { gatherFills } from './fill-toasts';

const fill = (orderId: string, tradeId: number): Fill => ({
  order_id: orderId,
  market: 'BTC-USDT',
  side: 'buy',
  price: '100',
  qty: '1',
  fee: '0',
  fee_asset: 'BTC',
  role: 'taker',
  trade_id: tradeId,
  at: '2026-01-01T00:00:00Z',
  seq: tradeId,
});

beforeEach(() => {
  vi.useFakeTimers();
  useAccount.setState({ orders: {}, fills: [], balances: {} });
});
afterEach(() => vi.useRealTimers());

describe('gatherFills', () => {
  it('tells the fills of one order together, and each order by itself', () => {
    const told: number[][] = [];
    const stop = gatherFills((fills) => told.push(fills.map((each) => each.trade_id)));
    addFillRaw(fill('7', 1));
    addFillRaw(fill('8', 2));
    addFillRaw(fill('7', 3));
    expect(told).toEqual([]);
    vi.advanceTimersByTime(300);
    expect(told).toEqual([[1, 3], [2]]);
    stop();
  });

  it('says nothing of fills that were there before, nor after it was stopped', () => {
    addFillRaw(fill('7', 1));
    const told = vi.fn();
    const stop = gatherFills(told);
    addFillRaw(fill('9', 2));
    stop();
    vi.advanceTimersByTime(300);
    expect(told).not.toHaveBeenCalled();
  });
});
