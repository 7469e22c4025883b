import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { AnyProof, StepUpAct } from '@/api/types';

/** How the person can prove it now; a passkey's question is good once, so nothing is kept. */
export const stepUpOptionsQuery = queryOptions({
  queryKey: ['step-up'],
  queryFn: ({ signal }) => api.get('/auth/step-up', { signal }),
  gcTime: 0,
  staleTime: 0,
  meta: { own: true },
});

/** Has a code for the act mailed; only accounts with neither password nor second factor get one. */
export const orderCode = (act: StepUpAct) => api.post('/auth/step-up/code', { act });

export const useProve = (act: StepUpAct) =>
  useMutation({ mutationFn: (proof: AnyProof) => api.post('/auth/step-up', { act, ...proof }) });
