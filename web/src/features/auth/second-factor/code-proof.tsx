import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/button';
import { CODE_LENGTH, CodeInput } from '@/ui/code-input';
import { Field } from '@/ui/field';

type CodeMethod = 'totp' | 'admin_code' | 'mailed_code';

interface CodeProofProps {
  method: CodeMethod;
  busy: boolean;
  error: string | undefined;
  onProof: (proof: { method: CodeMethod; code: string }) => void;
}

/** Six digits, of an authenticator app or from a mail; the last one sends them. */
export function CodeProof({ method, busy, error, onProof }: CodeProofProps) {
  const { t } = useTranslation('auth');
  const [code, setCode] = useState('');
  const send = (complete: string) => onProof({ method, code: complete });
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
      <Field label={t(`proof.code.${method}`)} hint={t(`proof.codeHint.${method}`)} error={error}>
        {(control) => <CodeInput {...control} value={code} onChange={change} autoFocus />}
      </Field>
      <Button type="submit" size="lg" className="text-14" busy={busy} disabled={code.length < CODE_LENGTH}>
        {t('proof.confirm')}
      </Button>
    </form>
  );
}
