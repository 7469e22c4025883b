import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnyProof } from '@/api/types';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';

interface RecoveryProofProps {
  busy: boolean;
  error: string | undefined;
  onProof: (proof: AnyProof) => void;
}

/** One of the ten codes kept for the day the device is gone. */
export function RecoveryProof({ busy, error, onProof }: RecoveryProofProps) {
  const { t } = useTranslation('auth');
  const [code, setCode] = useState('');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (code.trim() !== '') onProof({ method: 'recovery_code', code: code.trim() });
  };
  return (
    <form onSubmit={submit} className="grid gap-5">
      <Field label={t('proof.recovery')} hint={t('proof.recoveryHint')} error={error}>
        {(control) => (
          <Input
            {...control}
            className="font-mono uppercase"
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={64}
            autoFocus
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" size="lg" className="text-14" busy={busy} disabled={code.trim() === ''}>
        {t('proof.confirm')}
      </Button>
    </form>
  );
}
