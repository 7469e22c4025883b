import { useCallback, useEffect, useRef } from 'react';
import type { Candle, CandleInterval } from '@/api/types';
import { useCandle } from '@/stream/use-live';

/** Calls back with the newest candle each time the stream changes it, once there are fetched ones to go on from. */
export function useLiveCandle(
  pair: string,
  interval: CandleInterval,
  candles: readonly Candle[] | undefined,
  changed: (candle: Candle) => void,
): void {
  const newest = useRef<number | undefined>(undefined);
  useEffect(() => {
    newest.current = candles?.at(-1)?.open_time ?? (candles && 0);
  }, [candles]);
  const take = useCallback(
    (candle: Candle) => {
      // A late candle cannot bend history: what was fetched is newer.
      if (newest.current === undefined || candle.open_time < newest.current) return;
      newest.current = candle.open_time;
      changed(candle);
    },
    [changed],
  );
  useCandle(pair, interval, take);
}
