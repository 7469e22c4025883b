import { queryOptions } from '@tanstack/react-query';
import { env } from '../lib/env';
import { depart, type Departure } from '../lib/oauth';
import { api } from './client';
import type { OAuthProvider } from './types';

/** The providers that this exchange is set up for. */
export const providersQuery = queryOptions({
  queryKey: ['oauth-providers'],
  queryFn: ({ signal }) => api.get('/auth/oauth', { signal }),
  staleTime: Infinity,
});

/** Leaves for a provider; the browser comes back to /auth/callback. */
export async function goToProvider(
  provider: OAuthProvider,
  purpose: Departure['purpose'],
  next: string,
): Promise<void> {
  const binding = await depart(purpose, next);
  const query = new URLSearchParams({ binding, purpose });
  window.location.assign(`${env.apiBaseUrl}/auth/oauth/${provider}/start?${query}`);
}
