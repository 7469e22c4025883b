import { infiniteQueryOptions, queryOptions, useQuery } from '@tanstack/react-query';
import { earlyOr } from '../lib/early';
import { api } from './client';
import type { CandleInterval } from './types';

export const marketsQuery = queryOptions({
  queryKey: ['markets'],
  queryFn: async ({ signal }) => (await earlyOr('/markets', () => api.get('/markets', { signal }))).items,
  staleTime: 30_000,
});

/** The markets of paper trading, with the figures of the real ones. */
export const paperMarketsQuery = queryOptions({
  queryKey: ['markets', 'paper'],
  queryFn: async ({ signal }) => (await api.get('/markets', { signal, params: { paper: true } })).items,
  staleTime: 30_000,
});

/** The market where an asset is traded; null where there is none (a quote currency) or none is known yet. */
export function useMarketOf(): (asset: string) => string | null {
  const { data: markets = [] } = useQuery(marketsQuery);
  return (asset) => {
    const ofAsset = markets.filter((market) => market.base === asset);
    return (ofAsset.find((market) => market.quote === 'USDT') ?? ofAsset[0])?.symbol ?? null;
  };
}

export const tickerQuery = (pair: string) =>
  queryOptions({
    queryKey: ['ticker', pair],
    queryFn: ({ signal }) => api.get('/markets/{pair}/ticker', { path: { pair }, signal }),
  });

export const bookQuery = (pair: string) =>
  queryOptions({
    queryKey: ['book', pair],
    queryFn: ({ signal }) =>
      earlyOr(`/markets/${pair}/orderbook?limit=50`, () =>
        api.get('/markets/{pair}/orderbook', { path: { pair }, signal, params: { limit: 50 } }),
      ),
  });

export const tradesQuery = (pair: string) =>
  queryOptions({
    queryKey: ['trades', pair],
    queryFn: async ({ signal }) => {
      const params = { limit: 50 };
      return (await api.get('/markets/{pair}/trades', { path: { pair }, signal, params })).items;
    },
  });

export const getCandles = async (
  pair: string,
  interval: CandleInterval,
  before?: number,
  signal?: AbortSignal,
) => {
  const params = { interval, limit: 500, before };
  return (await api.get('/markets/{pair}/candles', { path: { pair }, signal, params })).items;
};

export const candlesQuery = (pair: string, interval: CandleInterval) =>
  queryOptions({
    queryKey: ['candles', pair, interval],
    queryFn: ({ signal }) => getCandles(pair, interval, undefined, signal),
  });

export const coinsQuery = infiniteQueryOptions({
  queryKey: ['coins'],
  queryFn: ({ pageParam, signal }) =>
    api.get('/crypto', { signal, params: { limit: 100, cursor: pageParam } }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next_cursor ?? undefined,
  staleTime: 60_000,
});

/** The largest coins only. */
export const topCoinsQuery = (limit: number) =>
  queryOptions({
    queryKey: ['coins', 'top', limit],
    queryFn: async ({ signal }) => (await api.get('/crypto', { signal, params: { limit } })).items,
    staleTime: 60_000,
  });
