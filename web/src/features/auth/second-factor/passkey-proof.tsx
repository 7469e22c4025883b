import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import type { AnyProof } from '@/api/types';
import { askPasskey } from '@/lib/passkeys';
import { Button } from '@/ui/button';
import { FormError } from '@/ui/form-error';

interface PasskeyProofProps {
  /** What the authenticator is to answer; asked for anew with each try. */
  question: () => Promise<Record<string, unknown>>;
  busy: boolean;
  error: string | undefined;
  onProof: (proof: AnyProof) => void;
}

export function PasskeyProof({ question, busy, error, onProof }: PasskeyProofProps) {
  const { t } = useTranslation('auth');
  const ask = useMutation({
    mutationFn: async () => askPasskey(await question()),
    onSuccess: (credential) => onProof({ method: 'passkey', credential }),
  });
  return (
    <div className="grid gap-4">
      <p className="text-normal">{t('proof.passkeyText')}</p>
      <FormError>{ask.isError ? errorText(ask.error) : error}</FormError>
      <Button
        size="lg"
        className="text-14"
        autoFocus
        busy={busy || ask.isPending}
        onClick={() => ask.mutate()}
      >
        <KeyRound aria-hidden />
        {t('proof.usePasskey')}
      </Button>
    </div>
  );
}
