import { queryOptions } from '@tanstack/react-query';
import { api } from './client';

export const balanceQuery = queryOptions({
  queryKey: ['wallet', 'balance'],
  queryFn: ({ signal }) => api.get('/wallet/balance', { signal }),
  meta: { own: true },
});

export const portfolioQuery = queryOptions({
  queryKey: ['portfolio'],
  queryFn: ({ signal }) => api.get('/portfolio', { signal }),
  refetchInterval: 30_000,
  meta: { own: true },
});

/** The same `key` again is the same claim: a retry after a lost answer never credits twice. */
export const requestFaucet = (key: string, asset: string, amount?: string) =>
  api.post('/wallet/faucet', { asset, amount }, { headers: { 'Idempotency-Key': key } });
