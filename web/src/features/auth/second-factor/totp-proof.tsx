import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Proof } from '@/api/types';
import { Button } from '@/ui/button';
import { CODE_LENGTH, CodeInput } from '@/ui/code-input';
import { Field } from '@/ui/field';

interface TotpProofProps {
  busy: boolean;
  error: string | undefined;
  onProof: (proof: Proof) => void;
}

/** The six digits of an authenticator app; the last one sends them. */
export function TotpProof({ busy, error, onProof }: TotpProofProps) {
  const { t } = useTranslation('auth');
  const [code, setCode] = useState('');
  const send = (complete: string) => onProof({ method: 'totp', code: complete });
  const change = (next: string) => {
    setCode(next);
    if (next.length === CODE_LENGTH && next !== code && !busy) send(next);
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (code.length === CODE_LENGTH) send(code);
  };
  return (
    <form onSubmit={submit} className="grid gap-5">
      <Field label={t('proof.totp')} hint={t('proof.totpHint')} error={error}>
        {(control) => <CodeInput {...control} value={code} onChange={change} autoFocus />}
      </Field>
      <Button type="submit" size="lg" className="text-14" busy={busy} disabled={code.length < CODE_LENGTH}>
        {t('proof.confirm')}
      </Button>
    </form>
  );
}
