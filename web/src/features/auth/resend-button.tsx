import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { toApiError } from '@/api/errors';
import { Button } from '@/ui/button';
import { toast } from '@/ui/toast';
import { resendCode } from './auth-api';
import type { PendingSignUp } from './pending-sign-up';

const WAIT_SECONDS = 60;

function useCountdown(from: number): [left: number, restart: (seconds: number) => void] {
  const [left, setLeft] = useState(from);
  useEffect(() => {
    if (left === 0) return undefined;
    const timer = setTimeout(() => setLeft(left - 1), 1_000);
    return () => clearTimeout(timer);
  }, [left]);
  return [left, setLeft];
}

/** Another code, not more often than the server sends one. */
export function ResendButton({ signUp }: { signUp: PendingSignUp }) {
  const { t } = useTranslation('auth');
  const [left, wait] = useCountdown(WAIT_SECONDS);
  const resend = useMutation({
    mutationFn: () => resendCode(signUp),
    onSuccess: () => {
      wait(WAIT_SECONDS);
      toast.success(t('verify.resent'));
    },
    onError: (error) => {
      wait(toApiError(error).retryAfter ?? 0);
      toast.error(errorText(error));
    },
  });
  return (
    <Button variant="ghost" disabled={left > 0} busy={resend.isPending} onClick={() => resend.mutate()}>
      <span className="num">{left > 0 ? t('verify.resendIn', { seconds: left }) : t('verify.resend')}</span>
    </Button>
  );
}
