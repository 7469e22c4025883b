import type { Candle, CandleInterval } from '@/api/types';

export const INTERVALS: readonly CandleInterval[] = ['1m', '5m', '15m', '1h', '4h', '1d'];

/** Oldest first, one candle for each open time, the later list winning: a page of history joined to what is there. */
export function joinCandles(older: readonly Candle[], newer: readonly Candle[]): Candle[] {
  const byTime = new Map<number, Candle>();
  for (const candle of [...older, ...newer]) byTime.set(candle.open_time, candle);
  return [...byTime.values()].sort((a, b) => a.open_time - b.open_time);
}
