import { describe, expect, it } from 'vitest';
import type { Candle } from '@/api/types';
import { joinCandles } from './merge-candles';

const T = 1_700_000_040_000; // a whole minute
const candle: Candle = {
  open_time: T,
  open: '100',
  high: '101',
  low: '99.5',
  close: '100.5',
  volume: '2',
  quote_volume: '201',
  trades: 3,
  source: 'trades',
};

describe('joinCandles', () => {
  it('sorts, drops duplicates and lets the later list win', () => {
    const changed = { ...candle, close: '1' };
    expect(
      joinCandles([candle, { ...candle, open_time: T - 60_000 }], [changed]).map((c) => c.close),
    ).toEqual(['100.5', '1']);
  });
});
