import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { SignedMessage } from '@/api/wallet-sign-in';
import { createPasskey } from '@/lib/passkeys';

const own = { own: true };

export const securityQuery = queryOptions({
  queryKey: ['security', 'state'],
  queryFn: ({ signal }) => api.get('/auth/security', { signal }),
  meta: own,
});

export const passkeysQuery = queryOptions({
  queryKey: ['security', 'passkeys'],
  queryFn: ({ signal }) => api.get('/auth/passkeys', { signal }),
  meta: own,
});

export const identitiesQuery = queryOptions({
  queryKey: ['security', 'identities'],
  queryFn: ({ signal }) => api.get('/auth/identities', { signal }),
  meta: own,
});

/**
 * A change of the account's security; afterwards everything on the page is asked for again. Nobody waits for that:
 * what a change answers once, such as recovery codes, must reach its dialog before the page around it changes.
 */
function useChange<Input, Answer>(change: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => void client.invalidateQueries({ queryKey: ['security'] }),
  });
}

export const useChangePassword = () =>
  useChange((passwords: { current_password: string; new_password: string }) =>
    api.post('/auth/change-password', passwords),
  );

export const useChangeEmail = () =>
  useChange((email: string) => api.post('/auth/change-email', { new_email: email }));

export const useBeginTotp = () => useChange(() => api.post('/auth/2fa/setup', undefined));

export const useConfirmTotp = () => useChange((code: string) => api.post('/auth/2fa/verify', { code }));

export const useRemoveTotp = () => useChange(() => api.post('/auth/2fa/disable', undefined));

export const useRenewRecoveryCodes = () => useChange(() => api.post('/auth/2fa/backup-codes', undefined));

async function addPasskey(name: string) {
  const { public_key: question } = await api.post('/auth/passkeys/register/begin', undefined);
  const credential = await createPasskey(question);
  return api.post('/auth/passkeys/register/finish', { credential, name });
}

export const useAddPasskey = () => useChange(addPasskey);

export const useRenamePasskey = () =>
  useChange(({ id, name }: { id: string; name: string }) =>
    api.put('/auth/passkeys/{passkey_id}', { name }, { path: { passkey_id: id } }),
  );

export const useRemovePasskey = () =>
  useChange((id: string) => api.delete('/auth/passkeys/{passkey_id}', { path: { passkey_id: id } }));

export const useLinkWallet = () =>
  useChange((signed: SignedMessage) => api.post('/auth/identities/wallet', signed));

export const useUnlink = () =>
  useChange((id: string) => api.delete('/auth/identities/{identity_id}', { path: { identity_id: id } }));

export const useSetPhrase = () =>
  useChange((phrase: string) => api.put('/auth/anti-phishing-phrase', { phrase }));

export const useLockSettings = () => useChange((days: number) => api.post('/auth/settings-lock', { days }));

// What follows belongs to the request, not to the page: the page may be gone by then, because the session ends with it.
export const useFreezeAccount = (onSuccess: () => void) =>
  useMutation({
    mutationFn: () => api.post('/auth/freeze-my-account', undefined),
    onSuccess,
  });

export const useDeleteAccount = (onSuccess: () => void) =>
  useMutation({ mutationFn: () => api.post('/auth/delete-account', undefined), onSuccess });
