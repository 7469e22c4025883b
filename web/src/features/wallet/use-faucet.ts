import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { toApiError } from '@/api/errors';
import type { FaucetCredit } from '@/api/types';
import { requestFaucet } from '@/api/wallet';
import { newKey } from '@/lib/id';

interface Claim {
  asset: string;
  amount: string | undefined;
}

/** Asks for test money. While the outcome of a claim is unknown, asking again repeats that same claim. */
export function useFaucet(onDone: (credit: FaucetCredit) => void) {
  const client = useQueryClient();
  const pending = useRef<{ claim: string; key: string } | null>(null);
  return useMutation({
    mutationFn: ({ asset, amount }: Claim) => {
      const claim = JSON.stringify([asset, amount]);
      if (pending.current?.claim !== claim) pending.current = { claim, key: newKey() };
      return requestFaucet(pending.current.key, asset, amount);
    },
    onSuccess: async (credit) => {
      pending.current = null;
      onDone(credit);
      await client.invalidateQueries({ predicate: (query) => query.meta?.['own'] === true });
    },
    onError: (error) => {
      if (!toApiError(error).indeterminate) pending.current = null;
    },
  });
}
