import { useMutation } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import type { AnyProof } from '@/api/types';
import { Button } from '@/ui/button';
import { FormError } from '@/ui/form-error';
import { CodeProof } from './code-proof';

interface MailedCodeProofProps {
  /** Has a code sent. */
  order: () => Promise<unknown>;
  busy: boolean;
  error: string | undefined;
  onProof: (proof: AnyProof) => void;
}

/** For accounts that are opened elsewhere: a code by mail, sent when it is asked for. */
export function MailedCodeProof({ order, onProof, ...shown }: MailedCodeProofProps) {
  const { t } = useTranslation('auth');
  const mail = useMutation({ mutationFn: order });
  return (
    <div className="grid gap-4">
      {mail.isSuccess ? (
        <CodeProof
          method="mailed_code"
          onProof={({ code }) => onProof({ method: 'mailed_code', code })}
          {...shown}
        />
      ) : (
        <p>{t('proof.mailText')}</p>
      )}
      {mail.isError && <FormError>{errorText(mail.error)}</FormError>}
      <Button
        size={mail.isSuccess ? 'md' : 'lg'}
        variant={mail.isSuccess ? 'ghost' : 'primary'}
        busy={mail.isPending}
        onClick={() => mail.mutate()}
      >
        <Mail aria-hidden />
        {t(mail.isSuccess ? 'proof.mailAgain' : 'proof.mailCode')}
      </Button>
    </div>
  );
}
