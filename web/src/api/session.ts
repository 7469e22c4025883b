import { queryOptions, useMutation, useQuery, useQueryClient, type Query } from '@tanstack/react-query';
import { api } from './client';
import { hasCsrfCookie, isCrossOrigin } from './csrf';
import { toApiError } from './errors';
import type { User } from './types';

/** Signing in sets a CSRF cookie that lives as long as the session; where it cannot be read, one has to ask. */
function maybeSignedIn(): boolean {
  return isCrossOrigin || hasCsrfCookie();
}

async function getMe(signal: AbortSignal): Promise<User | null> {
  if (!maybeSignedIn()) return null;
  try {
    return await api.get('/auth/me', { signal });
  } catch (error) {
    if (toApiError(error).status === 401) return null;
    throw error;
  }
}

/** Who is signed in; null for a visitor. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => getMe(signal),
  staleTime: 5 * 60_000,
});

/** How long the session lasts; the same as long as it is the same one. */
export const sessionStateQuery = (userId: string) =>
  queryOptions({
    queryKey: ['session', 'state', userId],
    queryFn: ({ signal }) => api.get('/auth/session', { signal }),
    staleTime: Infinity,
    meta: { own: true },
  });

export function useSession() {
  return useQuery(sessionQuery);
}

/** The signed-in user; only below the session guard, where there always is one. */
export function useUser(): User | null {
  return useSession().data ?? null;
}

/** Ends the session here and on the server; forgets everything that belonged to it. */
export function useLogout() {
  const client = useQueryClient();
  const own = { predicate: (query: Query) => query.meta?.['own'] === true };
  return useMutation({
    // What is still being asked for would only be refused.
    onMutate: () => client.cancelQueries(own),
    mutationFn: () => api.post('/auth/logout', undefined),
    onSettled: () => {
      client.removeQueries(own);
      client.setQueryData(sessionQuery.queryKey, null);
    },
  });
}
