import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { toApiError } from '@/api/errors';
import { paperQuery, resetPaper, startPaper } from '@/api/paper';
import type { Paper } from '@/api/types';
import { newKey } from '@/lib/id';

/** After play money has come or gone, all that is told of it is asked for again. */
function useFresh(): (paper: Paper) => Promise<void> {
  const client = useQueryClient();
  return async (paper) => {
    client.setQueryData(paperQuery.queryKey, paper);
    await client.invalidateQueries({ predicate: (query) => query.meta?.['own'] === true });
  };
}

/** Begins paper trading. */
export function useStartPaper() {
  return useMutation({ mutationFn: startPaper, onSuccess: useFresh() });
}

/** Begins anew. While the outcome of a reset is unknown, asking again repeats that same reset. */
export function useResetPaper(onDone: () => void) {
  const fresh = useFresh();
  const pending = useRef<string | null>(null);
  return useMutation({
    mutationFn: () => resetPaper((pending.current ??= newKey())),
    onSuccess: async (paper) => {
      pending.current = null;
      onDone();
      await fresh(paper);
    },
    onError: (error) => {
      if (!toApiError(error).indeterminate) pending.current = null;
    },
  });
}
