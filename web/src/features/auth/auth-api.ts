import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { sessionQuery } from '@/api/session';
import type { AuthResult } from '@/api/types';

const anonymous = { noRefresh: true };

export interface Credentials {
  email: string;
  password: string;
}

export const signUp = (details: Credentials & { name: string }) =>
  api.post('/auth/signup', details, anonymous);

export const resendCode = (email: string) => api.post('/auth/resend-verification', { email }, anonymous);

const logIn = (credentials: Credentials) => api.post('/auth/login', credentials, anonymous);

const verifyEmail = (proof: { email: string; code: string }) =>
  api.post('/auth/verify-email', proof, anonymous);

function useSigningIn<Input>(call: (input: Input) => Promise<AuthResult>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: call,
    onSuccess: ({ user }) => client.setQueryData(sessionQuery.queryKey, user),
  });
}

export const useLogIn = () => useSigningIn(logIn);
export const useVerifyEmail = () => useSigningIn(verifyEmail);
