import { queryOptions } from '@tanstack/react-query';
import { api } from './client';

/** The caller's play money; before paper trading has begun there is none. */
export const paperQuery = queryOptions({
  queryKey: ['paper'],
  queryFn: ({ signal }) => api.get('/paper', { signal }),
  meta: { own: true },
});

/** Begins once; whoever has begun keeps what they have. */
export const startPaper = () => api.post('/paper/start', undefined);

/** The same `key` again is the same reset: a retry after a lost answer takes nothing away that came since. */
export const resetPaper = (key: string) =>
  api.post('/paper/reset', undefined, { headers: { 'Idempotency-Key': key } });
