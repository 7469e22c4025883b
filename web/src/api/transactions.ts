import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { TransactionType } from './types';

export interface TransactionFilter {
  type?: TransactionType | undefined;
  asset?: string | undefined;
}

export const transactionsQuery = (filter: TransactionFilter = {}, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['transactions', filter, limit],
    queryFn: ({ pageParam, signal }) =>
      api.get('/transactions', {
        signal,
        params: { ...filter, limit, cursor: pageParam },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    meta: { own: true },
  });
