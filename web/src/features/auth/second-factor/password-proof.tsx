import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnyProof } from '@/api/types';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { PasswordInput } from '@/ui/password-input';

interface PasswordProofProps {
  busy: boolean;
  error: string | undefined;
  onProof: (proof: AnyProof) => void;
}

/** For accounts without a second factor. */
export function PasswordProof({ busy, error, onProof }: PasswordProofProps) {
  const { t } = useTranslation('auth');
  const [password, setPassword] = useState('');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (password !== '') onProof({ method: 'password', password });
  };
  return (
    <form onSubmit={submit} className="grid gap-5">
      <Field label={t('stepUp.password')} error={error}>
        {(control) => (
          <PasswordInput
            {...control}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            autoComplete="current-password"
            autoFocus
          />
        )}
      </Field>
      <Button type="submit" size="lg" className="text-14" busy={busy} disabled={password === ''}>
        {t('stepUp.action')}
      </Button>
    </form>
  );
}
