import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';

const PAGE = 30;

export const auditLogsQuery = infiniteQueryOptions({
  queryKey: ['audit-logs'],
  queryFn: ({ pageParam, signal }) =>
    api.get('/audit-logs', { signal, params: { limit: PAGE, cursor: pageParam } }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next_cursor ?? undefined,
  meta: { own: true },
});
