import type { Candle, CandleInterval } from '@/api/types';
import { add, compare } from '@/lib/decimal';

export const INTERVALS: readonly CandleInterval[] = ['1m', '5m', '15m', '1h', '4h', '1d'];

const MINUTE = 60_000;
const INTERVAL_MS: Record<CandleInterval, number> = {
  '1m': MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '1h': 60 * MINUTE,
  '4h': 240 * MINUTE,
  '1d': 1440 * MINUTE,
};

/** A price seen live. `qty` is what was traded at it; a mere quote has none. */
export interface LivePrice {
  price: string;
  qty?: string;
  at: number;
}

export function getOpenTime(at: number, interval: CandleInterval): number {
  return at - (at % INTERVAL_MS[interval]);
}

function extend(candle: Candle, { price, qty = '0' }: LivePrice): Candle {
  return {
    ...candle,
    high: compare(price, candle.high) > 0 ? price : candle.high,
    low: compare(price, candle.low) < 0 ? price : candle.low,
    close: price,
    volume: qty === '0' ? candle.volume : add(candle.volume, qty),
  };
}

/**
 * The last candle after a live price: the same one extended, or a new one opened at the previous close.
 * A price older than the last candle changes nothing, so a late message cannot bend history.
 */
export function mergeLivePrice(
  last: Candle | undefined,
  live: LivePrice,
  interval: CandleInterval,
): Candle | null {
  const openTime = getOpenTime(live.at, interval);
  if (last === undefined || openTime > last.open_time) {
    const open = last?.close ?? live.price;
    return extend({ open_time: openTime, open, high: open, low: open, close: open, volume: '0' }, live);
  }
  return openTime < last.open_time ? null : extend(last, live);
}

/** Oldest first, one candle for each open time, the later list winning: a page of history joined to what is there. */
export function joinCandles(older: readonly Candle[], newer: readonly Candle[]): Candle[] {
  const byTime = new Map<number, Candle>();
  for (const candle of [...older, ...newer]) byTime.set(candle.open_time, candle);
  return [...byTime.values()].sort((a, b) => a.open_time - b.open_time);
}
