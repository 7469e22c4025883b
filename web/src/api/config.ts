import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { AppConfig } from './types';

export const configQuery = queryOptions({
  queryKey: ['config'],
  queryFn: async ({ signal }) => (await api.get('/config', { signal })) as AppConfig,
  staleTime: 60_000,
});

export const healthQuery = queryOptions({
  queryKey: ['health'],
  // A degraded server answers 503 with the same body; that is an answer, not an error.
  queryFn: ({ signal }) => api.get('/health', { signal, validateStatus: (status) => status < 600 }),
  refetchInterval: 10_000,
});
