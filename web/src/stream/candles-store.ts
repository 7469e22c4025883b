import { create } from 'zustand';
import type { Candle } from '../api/types';
import type { CandleMessage } from './messages';

interface CandlesStore {
  /** By room: the newest candle of a market and interval. */
  newest: Record<string, Candle>;
}

export const useNewestCandles = create<CandlesStore>()(() => ({ newest: {} }));

export function candleRoom(market: string, interval: string): string {
  return `candles:${market}:${interval}`;
}

/** A candle of the reference price never replaces one of own trades for the same span. */
function isOlder(known: Candle, fresh: Candle): boolean {
  if (known.open_time !== fresh.open_time) return fresh.open_time < known.open_time;
  return known.source === 'trades' && fresh.source === 'reference';
}

export function setCandleRaw({ market, interval, ...candle }: CandleMessage): void {
  const room = candleRoom(market, interval);
  useNewestCandles.setState(({ newest }) => {
    const known = newest[room];
    return known !== undefined && isOlder(known, candle)
      ? { newest }
      : { newest: { ...newest, [room]: candle } };
  });
}

/** Forgets a chart nobody looks at. */
export function dropCandle(room: string): void {
  useNewestCandles.setState(({ newest }) => {
    const { [room]: _dropped, ...rest } = newest;
    return { newest: rest };
  });
}
