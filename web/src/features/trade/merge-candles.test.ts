import { describe, expect, it } from 'vitest';

import { getOpenTime, joinCandles, mergeLivePrice } from './merge-candles';
import type { Candle } from '@/api/types';

const T = 1_700_000_040_000; // a whole minute
const candle: Candle = { open_time: T, open: '100', high: '101', low: '99.5', close: '100.5', volume: '2' };

describe('mergeLivePrice', () => {
  it('extends the high and moves the close inside the interval', () => {
    const merged = mergeLivePrice(candle, { price: '102.25', at: T + 30_000 }, '1m');
    expect(merged).toEqual({ ...candle, high: '102.25', close: '102.25' });
  });

  it('compares prices as numbers, not as text', () => {
    expect(mergeLivePrice(candle, { price: '99.50', at: T }, '1m')?.low).toBe('99.5');
    expect(mergeLivePrice(candle, { price: '9.9', at: T }, '1m')?.low).toBe('9.9');
  });

  it('adds the traded quantity exactly', () => {
    expect(
      mergeLivePrice({ ...candle, volume: '0.1' }, { price: '100', qty: '0.2', at: T }, '1m')?.volume,
    ).toBe('0.3');
  });

  it('opens the next candle at the previous close', () => {
    expect(mergeLivePrice(candle, { price: '101', qty: '1', at: T + 60_000 }, '1m')).toEqual({
      open_time: T + 60_000,
      open: '100.5',
      high: '101',
      low: '100.5',
      close: '101',
      volume: '1',
    });
  });

  it('opens the very first candle at the price itself', () => {
    expect(mergeLivePrice(undefined, { price: '7', at: T + 1 }, '1m')?.open).toBe('7');
  });

  it('ignores a price older than the last candle', () => {
    expect(mergeLivePrice(candle, { price: '1', at: T - 1 }, '1m')).toBeNull();
  });
});

describe('getOpenTime', () => {
  it('cuts to the start of the interval', () => {
    expect(new Date(getOpenTime(Date.UTC(2026, 0, 2, 7, 59), '4h')).toISOString()).toBe(
      '2026-01-02T04:00:00.000Z',
    );
  });
});

describe('joinCandles', () => {
  it('sorts, drops duplicates and lets the later list win', () => {
    const changed = { ...candle, close: '1' };
    expect(
      joinCandles([candle, { ...candle, open_time: T - 60_000 }], [changed]).map((c) => c.close),
    ).toEqual(['100.5', '1']);
  });
});
