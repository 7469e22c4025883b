import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api } from './client';
import { configQuery } from './config';
import { askForSecondFactor } from './second-factor-gate';

export const twoFactorQuery = queryOptions({
  queryKey: ['security', 'two-factor'],
  queryFn: ({ signal }) => api.get('/auth/2fa/status', { signal }),
  meta: { own: true },
});

/** Whether what comes next would be refused for want of a second factor; the person is then led to setting one up. */
export async function lacksSecondFactor(client: QueryClient): Promise<boolean> {
  const { second_factor_required: required } = await client.query(configQuery);
  if (!required) return false;
  const { enabled } = await client.query({ ...twoFactorQuery, staleTime: 0 });
  if (!enabled) askForSecondFactor();
  return !enabled;
}
