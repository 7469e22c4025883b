import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { AppConfig, Health } from './types';

export const configQuery = queryOptions({
  queryKey: ['config'],
  queryFn: ({ signal }) => api.get<AppConfig>('/config', { signal }),
  staleTime: 60_000,
});

export const healthQuery = queryOptions({
  queryKey: ['health'],
  // A degraded server answers 503 with the same body; that is an answer, not an error.
  queryFn: ({ signal }) => api.get<Health>('/health', { signal, validateStatus: (status) => status < 600 }),
  refetchInterval: 10_000,
});
