import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';

const PAGE = 30;

/** The caller's own events; for administrators those of every account. */
export const auditLogsQuery = (everybody: boolean) =>
  infiniteQueryOptions({
    queryKey: ['audit-logs', everybody],
    queryFn: ({ pageParam, signal }) =>
      api.get('/audit-logs', { signal, params: { limit: PAGE, cursor: pageParam, all: everybody } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    meta: { own: true },
  });
