import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { sessionQuery } from '@/api/session';
import type { AuthResult, Proof } from '@/api/types';
import { askPasskey } from '@/lib/passkeys';

const anonymous = { noRefresh: true };

export interface Credentials {
  email: string;
  password: string;
}

export const signUp = (details: Credentials & { name: string }) =>
  api.post('/auth/signup', details, anonymous);

export const resendCode = (email: string) => api.post('/auth/resend-verification', { email }, anonymous);

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

const verifyEmail = (proof: { email: string; code: string }) =>
  api.post('/auth/verify-email', proof, anonymous);

export const isQuestion = (answer: LogInAnswer): answer is SecondFactorQuestion => 'challenge' in answer;

/** A call that may end in a session; with one, the app knows at once who is there. */
function useSigningIn<Input, Answer extends AuthResult | SecondFactorQuestion>(
  call: (input: Input) => Promise<Answer>,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: call,
    onSuccess: (answer) => {
      if ('user' in answer) client.setQueryData(sessionQuery.queryKey, answer.user);
    },
  });
}

export const useLogIn = () => useSigningIn(logIn);
export const useAnswerQuestion = () => useSigningIn(answerQuestion);
export const usePasskeyLogIn = () => useSigningIn(logInWithPasskey);
export const useVerifyEmail = () => useSigningIn(verifyEmail);
