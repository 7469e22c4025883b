import { infiniteQueryOptions, queryOptions, skipToken } from '@tanstack/react-query';
import { api } from './client';
import type {
  BracketCreate,
  GroupPreview,
  OcoCreate,
  OrderAmend,
  OrderCreate,
  OrderPreview,
  Placing,
} from './types';

interface OrderFilter {
  status: 'open' | 'closed' | 'all';
  market?: string;
  paper?: boolean;
}

/** Query keys start with 'orders', so that one invalidation reaches them all. */
export const openOrdersQuery = (market?: string, paper = false) =>
  queryOptions({
    queryKey: ['orders', 'open', market ?? 'all', paper],
    queryFn: async ({ signal }) => {
      const params = { status: 'open', market, paper, limit: 200 } as const;
      return (await api.get('/orders', { signal, params })).items;
    },
    meta: { own: true },
  });

export const ordersQuery = (filter: OrderFilter) =>
  infiniteQueryOptions({
    queryKey: ['orders', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get('/orders', { signal, params: { ...filter, limit: 50, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    meta: { own: true },
  });

/** Give each intent its own client_order_id and keep it for retries: the engine answers a repeat with the first verdict. */
export const createOrder = (order: OrderCreate) => api.post('/orders', order);

export const createOco = (oco: OcoCreate) => api.post('/orders/oco', oco);

export const createBracket = (bracket: BracketCreate) => api.post('/orders/bracket', bracket);

function askPreview({ kind, body }: Placing, signal: AbortSignal): Promise<OrderPreview | GroupPreview> {
  if (kind === 'oco') return api.post('/orders/oco/preview', body, { signal });
  if (kind === 'bracket') return api.post('/orders/bracket/preview', body, { signal });
  return api.post('/orders/preview', body, { signal });
}

export const PREVIEWS = ['order-preview'];

/** What an order or a group would do to the book at this moment; the answer is old a moment later. */
export const previewQuery = (placing: Placing | null) =>
  queryOptions({
    queryKey: [...PREVIEWS, placing],
    queryFn: placing === null ? skipToken : ({ signal }) => askPreview(placing, signal),
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });

/** Values are absolute, so that sending them again changes nothing. */
export const amendOrder = (id: string, change: OrderAmend) =>
  api.patch('/orders/{order_id}', change, { path: { order_id: id } });

/** The exchange waits with its answer by itself. */
const STORY_AGAIN_MS = 1_000;

/** The life of an order, told anew for each of its states, and again while the journal is being read. */
export const explainQuery = (id: string, seq: number) =>
  queryOptions({
    queryKey: ['orders', 'explain', id, seq],
    queryFn: ({ signal }) => api.get('/orders/{order_id}/explain', { path: { order_id: id }, signal }),
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.data?.pending === true ? STORY_AGAIN_MS : false),
    retry: false,
  });

export const cancelTimerQuery = queryOptions({
  queryKey: ['orders', 'cancel-timer'],
  queryFn: ({ signal }) => api.get('/orders/cancel-timer', { signal }),
  meta: { own: true },
});

export const setCancelTimer = (afterMs: number) => api.put('/orders/cancel-timer', { after_ms: afterMs });

export const cancelOrder = (id: string) => api.delete('/orders/{order_id}', { path: { order_id: id } });

export const cancelAllOrders = (market: string | undefined, paper: boolean) =>
  api.delete('/orders', { params: { market, paper } });
