import { QueryClient } from '@tanstack/react-query';
import { toApiError } from './errors';

/** Only a failed connection or a server fault is worth a second try. */
function retry(failures: number, error: Error): boolean {
  const { status } = toApiError(error);
  return failures < 2 && (status === 0 || status >= 500);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 15_000, retry, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
}
