import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';

const anonymous = { noRefresh: true };

export const askForReset = (email: string) => api.post('/auth/forgot-password', { email }, anonymous);

/** Whether a link still works; asking does not use it up. */
export const resetTokenQuery = (token: string) =>
  queryOptions({
    queryKey: ['reset-token', token],
    queryFn: ({ signal }) =>
      api.get('/auth/validate-reset-token/{token}', { path: { token }, signal, ...anonymous }),
    enabled: token !== '',
    staleTime: Infinity,
    gcTime: 0,
  });

export const resetPassword = (proof: { token: string; password: string }) =>
  api.post('/auth/reset-password', proof, anonymous);

export const freezeAccount = (token: string) => api.post('/auth/freeze', { token }, anonymous);

/** By the link of a mail or message; without one whoever is signed in does it. */
export const keepSecondFactor = (token: string) =>
  token === ''
    ? api.post('/auth/keep-my-second-factor', undefined)
    : api.post('/auth/keep-second-factor', { token }, anonymous);

export const confirmEmailChange = (token: string) =>
  api.post('/auth/confirm-email-change', { token }, anonymous);
