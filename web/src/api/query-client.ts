import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { toApiError } from './errors';
import { sessionQuery } from './session';

/** Only a failed connection or a server fault is worth a second try. */
function retry(failures: number, error: Error): boolean {
  const { status } = toApiError(error);
  return failures < 2 && (status === 0 || status >= 500);
}

export function createQueryClient(): QueryClient {
  /** A 401 that outlived the refresh means that the session is over; the guard of the own pages sees to the rest. */
  const onError = (error: Error) => {
    if (toApiError(error).status === 401 && client.getQueryData(sessionQuery.queryKey) != null) {
      client.setQueryData(sessionQuery.queryKey, null);
    }
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: 15_000, retry, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
  return client;
}
