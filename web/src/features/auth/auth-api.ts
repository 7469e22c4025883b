import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { toApiError } from '@/api/errors';
import { sessionQuery } from '@/api/session';
import type { AuthResult, Proof } from '@/api/types';
import type { SignedMessage } from '@/api/wallet-sign-in';
import type { Departure } from '@/lib/oauth';
import { askPasskey } from '@/lib/passkeys';
import type { PendingSignUp } from './pending-sign-up';

const anonymous = { noRefresh: true };

export interface Credentials {
  email: string;
  password: string;
}

export const signUp = (details: Credentials & { name: string }) =>
  api.post('/auth/signup', details, anonymous);

export const setUpAdmin = (details: Credentials & { name: string; token: string }) =>
  api.post('/admin/setup', details, anonymous);

/** Whether there is no administrator yet; the page is closed for ever once there is one. */
export const adminSetupQuery = queryOptions({
  queryKey: ['admin-setup'],
  queryFn: async ({ signal }) => {
    try {
      await api.get('/admin/setup', { signal, ...anonymous });
      return true;
    } catch (error) {
      if (toApiError(error).status === 404) return false;
      throw error;
    }
  },
});

export const resendCode = ({ email, userId }: PendingSignUp) =>
  api.post('/auth/resend-verification', { email, user_id: userId }, anonymous);

type LogInAnswer = Awaited<ReturnType<typeof logIn>>;
/** The password was right and something else is asked for. */
export type SecondFactorQuestion = Extract<LogInAnswer, { challenge: string }>;

const logIn = (credentials: Credentials) => api.post('/auth/login', credentials, anonymous);

const answerQuestion = (answer: { challenge: string; proof: Proof }) =>
  api.post('/auth/login/second-factor', answer, anonymous);

/** The browser offers the passkeys it has for this site; the server tells whose it was. */
async function logInWithPasskey() {
  const { public_key: question } = await api.post('/auth/passkeys/login/begin', undefined, anonymous);
  const credential = await askPasskey(question);
  return api.post('/auth/passkeys/login/finish', { credential }, anonymous);
}

const logInWithWallet = (signed: SignedMessage) => api.post('/auth/wallet/verify', signed, anonymous);

/** Logs in with what a provider's redirect brought, or links it to the account that is logged in. */
async function finishProvider({ code, verifier, purpose }: Departure & { code: string }) {
  if (purpose === 'login') return api.post('/auth/oauth/finish', { code, verifier }, anonymous);
  await api.post('/auth/identities/oauth', { code, verifier });
  return null;
}

const verifyEmail = ({ email, userId, code }: PendingSignUp & { code: string }) =>
  api.post('/auth/verify-email', { email, code, user_id: userId }, anonymous);

export const isQuestion = (answer: LogInAnswer): answer is SecondFactorQuestion => 'challenge' in answer;

/** A call that may end in a session; with one, the app knows at once who is there. */
function useSigningIn<Input, Answer extends AuthResult | SecondFactorQuestion | null>(
  call: (input: Input) => Promise<Answer>,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: call,
    onSuccess: (answer) => {
      if (answer !== null && 'user' in answer) client.setQueryData(sessionQuery.queryKey, answer.user);
    },
  });
}

export const useLogIn = () => useSigningIn(logIn);
export const useAnswerQuestion = () => useSigningIn(answerQuestion);
export const usePasskeyLogIn = () => useSigningIn(logInWithPasskey);
export const useWalletLogIn = () => useSigningIn(logInWithWallet);
export const useFinishProvider = () => useSigningIn(finishProvider);
export const useVerifyEmail = () => useSigningIn(verifyEmail);
