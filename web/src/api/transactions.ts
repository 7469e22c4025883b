import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { Transaction, TransactionType } from './types';

export interface TransactionFilter {
  type?: TransactionType | undefined;
  asset?: string | undefined;
  /** Of play money. */
  paper?: boolean;
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

const PAGE = 200;
const PAGES_MAX = 10;

/** Every line of a type, newest first; `complete` is false where there were more than can be read at once. */
async function readAll(type: TransactionType, paper: boolean, signal: AbortSignal) {
  const items: Transaction[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await api.get('/transactions', { signal, params: { type, paper, limit: PAGE, cursor } });
    items.push(...answer.items);
    if (answer.next_cursor === null) return { items, complete: true };
    cursor = answer.next_cursor;
  }
  return { items, complete: false };
}

/** All own trades, for what follows from the whole of them. */
export const ownTradesQuery = (paper: boolean) =>
  queryOptions({
    queryKey: ['transactions', 'own-trades', paper],
    queryFn: async ({ signal }) => {
      const read = (type: TransactionType) => readAll(type, paper, signal);
      const [bought, sold] = await Promise.all([read('trade_buy'), read('trade_sell')]);
      return { items: [...bought.items, ...sold.items], complete: bought.complete && sold.complete };
    },
    meta: { own: true },
  });
