import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { ApiKeyCreate } from '@/api/types';

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => api.get('/api-keys', { signal }),
  meta: { own: true },
});

export function useCreateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: ApiKeyCreate) => api.post('/api-keys', key),
    onSuccess: () => void client.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
}

export function useDeleteApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete('/api-keys/{key_id}', { path: { key_id: id } }),
    onSuccess: () => void client.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
}
