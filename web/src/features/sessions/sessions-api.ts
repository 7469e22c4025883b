import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => api.get('/auth/sessions', { signal }),
  meta: { own: true },
});

function useRefresh() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
}

export function useEndSession() {
  return useMutation({
    mutationFn: (id: string) => api.delete('/auth/sessions/{session_id}', { path: { session_id: id } }),
    onSuccess: useRefresh(),
  });
}

export function useEndOtherSessions() {
  return useMutation({
    mutationFn: () => api.post('/auth/sessions/revoke-others', undefined),
    onSuccess: useRefresh(),
  });
}
