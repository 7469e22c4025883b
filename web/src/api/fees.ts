import { queryOptions } from '@tanstack/react-query';
import { api } from './client';

/** The caller's own tier; the exchange moves it with each fill. */
export const feesQuery = queryOptions({
  queryKey: ['fees'],
  queryFn: ({ signal }) => api.get('/fees', { signal }),
  staleTime: 60_000,
  meta: { own: true },
});
