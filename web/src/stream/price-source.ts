import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { configQuery } from '../api/config';
import type { PriceSource } from '../api/types';
import { usePrices } from './prices-store';

/** Prices come about once a second; after this long without any they are called stale, whatever the server last said. */
export const STALE_AFTER_MS = 10_000;

export function effectiveSource(
  live: PriceSource | null,
  receivedAt: number,
  configured: PriceSource | undefined,
  now: number,
): PriceSource | undefined {
  if (live === null) return configured;
  return now - receivedAt > STALE_AFTER_MS ? { ...live, kind: 'stale', label: 'stale' } : live;
}

/** Where the prices on this page come from, and whether they still come. */
export function usePriceSource(): PriceSource | undefined {
  const { data } = useQuery(configQuery);
  const live = usePrices((store) => store.source);
  const receivedAt = usePrices((store) => store.receivedAt);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 2_000);
    return () => clearInterval(timer);
  }, []);
  return effectiveSource(live, receivedAt, data?.price_source, now);
}
