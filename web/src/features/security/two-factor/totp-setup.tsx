import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { Button } from '@/ui/button';
import { CODE_LENGTH, CodeInput } from '@/ui/code-input';
import { CopyField } from '@/ui/copy-field';
import { ErrorState } from '@/ui/error-state';
import { Field } from '@/ui/field';
import { Skeleton } from '@/ui/skeleton';
import { useBeginTotp, useConfirmTotp } from '../security-api';

const inGroups = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ');

interface TotpSetupProps {
  onDone: (recoveryCodes: readonly string[]) => void;
}

function Confirm({ onDone }: TotpSetupProps) {
  const { t } = useTranslation('security');
  const [code, setCode] = useState('');
  const confirm = useConfirmTotp();
  const send = (complete: string) =>
    confirm.mutate(complete, { onSuccess: (answer) => onDone(answer.recovery_codes) });
  const change = (next: string) => {
    setCode(next);
    if (next.length === CODE_LENGTH && next !== code && !confirm.isPending) send(next);
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (code.length === CODE_LENGTH) send(code);
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label={t('totp.code')} error={confirm.isError ? errorText(confirm.error) : undefined}>
        {(control) => <CodeInput {...control} value={code} onChange={change} />}
      </Field>
      <Button type="submit" busy={confirm.isPending} disabled={code.length < CODE_LENGTH}>
        {t('totp.confirm')}
      </Button>
    </form>
  );
}

/** A secret for the app as a picture and as text, then the first code. */
export function TotpSetup({ onDone }: TotpSetupProps) {
  const { t } = useTranslation(['security', 'common']);
  const { mutate, data, error } = useBeginTotp();
  const begun = useRef(false);
  useEffect(() => {
    // Each call makes a new secret, so a second mount in development must not ask again.
    if (begun.current) return;
    begun.current = true;
    mutate(undefined);
  }, [mutate]);
  if (error !== null) {
    return (
      <ErrorState
        title={t('common:errors.loadFailed')}
        text={errorText(error)}
        retryLabel={t('common:retry')}
        onRetry={() => mutate(undefined)}
      />
    );
  }
  if (data === undefined) return <Skeleton className="h-80" />;
  return (
    <div className="grid gap-5">
      <img
        src={data.qr_svg}
        alt={t('totp.qr')}
        width={184}
        height={184}
        className="justify-self-center rounded-control"
      />
      <CopyField
        label={t('totp.secret')}
        value={data.secret}
        shown={inGroups(data.secret)}
        copyLabel={t('totp.copySecret')}
        copiedLabel={t('common:copied')}
      />
      <Confirm onDone={onDone} />
    </div>
  );
}
