import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { Button } from '@/ui/button';
import { CODE_LENGTH, CodeInput } from '@/ui/code-input';
import { Field } from '@/ui/field';
import { useVerifyEmail } from './auth-api';
import type { PendingSignUp } from './pending-sign-up';
import { ResendButton } from './resend-button';

export function VerifyForm({ signUp, onDone }: { signUp: PendingSignUp; onDone: () => void }) {
  const { t } = useTranslation('auth');
  const [code, setCode] = useState('');
  const verify = useVerifyEmail();
  const send = (complete: string) => verify.mutate({ ...signUp, code: complete }, { onSuccess: onDone });
  const change = (next: string) => {
    setCode(next);
    if (next.length === CODE_LENGTH && next !== code && !verify.isPending) send(next);
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (code.length === CODE_LENGTH) send(code);
  };
  const failed = verify.isError ? errorText(verify.error) : undefined;
  return (
    <form onSubmit={submit} className="grid gap-5">
      <Field label={t('code')} error={failed}>
        {(control) => <CodeInput {...control} value={code} onChange={change} autoFocus />}
      </Field>
      <Button
        type="submit"
        size="lg"
        className="text-14"
        busy={verify.isPending}
        disabled={code.length < CODE_LENGTH}
      >
        {t('verify.action')}
      </Button>
      <ResendButton signUp={signUp} />
    </form>
  );
}
