import { useEffect, useRef } from 'react';
import type { Candle, CandleInterval } from '@/api/types';
import { usePrices } from '@/stream/prices-store';
import { useTapes } from '@/stream/trades-store';
import { mergeLivePrice, type LivePrice } from './merge-candles';

/** Calls back with the last candle each time a live price or trade changes it, starting from the fetched ones. */
export function useLiveCandle(
  pair: string,
  interval: CandleInterval,
  candles: readonly Candle[] | undefined,
  changed: (candle: Candle) => void,
): void {
  const last = useRef<Candle | undefined>(undefined);
  useEffect(() => {
    if (candles === undefined) return undefined;
    last.current = candles.at(-1);
    const merge = (live: LivePrice) => {
      const merged = mergeLivePrice(last.current, live, interval);
      if (merged === null) return;
      last.current = merged;
      changed(merged);
    };
    const stopPrices = usePrices.subscribe(({ prices, receivedAt }, before) => {
      const price = prices[pair]?.last;
      if (price != null && price !== before.prices[pair]?.last) merge({ price, at: receivedAt });
    });
    const stopTapes = useTapes.subscribe(({ tapes }, before) => {
      // Only trades seen after the candles were fetched; earlier ones are in their volume already.
      const known = before.tapes[pair]?.trades[0]?.trade_id;
      const fresh =
        known === undefined ? [] : (tapes[pair]?.trades ?? []).filter((trade) => trade.trade_id > known);
      for (const { price, qty, at } of fresh.reverse()) merge({ price, qty, at: Date.parse(at) });
    });
    return () => {
      stopPrices();
      stopTapes();
    };
  }, [pair, interval, candles, changed]);
}
