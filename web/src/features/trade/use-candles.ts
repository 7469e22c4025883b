import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { candlesQuery, getCandles } from '@/api/markets';
import type { Candle, CandleInterval } from '@/api/types';
import { realOf } from '@/lib/paper';
import { useConnection } from '@/stream/connection-store';
import { joinCandles } from './merge-candles';

/** Candles of one market and interval, oldest first, with older pages on demand. Mount once per market and interval. */
export function useCandles(market: string, interval: CandleInterval) {
  const pair = realOf(market);
  const { data, isError, refetch } = useQuery(candlesQuery(pair, interval));
  const [older, setOlder] = useState<Candle[]>([]);
  const loading = useRef(false);
  const epoch = useConnection((store) => store.epoch);
  useEffect(() => {
    // What happened while the stream was away is only in the server's candles.
    if (epoch > 1) void refetch();
  }, [epoch, refetch]);
  const candles = useMemo(() => data && joinCandles(older, data), [older, data]);
  const first = candles?.[0]?.open_time;
  const loadOlder = useCallback(async () => {
    if (loading.current || first === undefined) return;
    loading.current = true;
    const page = await getCandles(pair, interval, first).catch(() => []);
    // An empty page is the beginning of history: `loading` stays set, and nothing asks again.
    loading.current = page.length === 0;
    if (page.length > 0) setOlder((known) => joinCandles(page, known));
  }, [pair, interval, first]);
  return { candles, isError, refetch, loadOlder };
}
