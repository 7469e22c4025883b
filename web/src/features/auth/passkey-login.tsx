import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { passkeysSupported } from '@/lib/passkeys';
import { Button } from '@/ui/button';
import { FormError } from '@/ui/form-error';
import { isQuestion, usePasskeyLogIn, type SecondFactorQuestion } from './auth-api';

interface PasskeyLoginProps {
  onDone: () => void;
  /** Something is asked for on top, as of administrators. */
  onQuestion: (question: SecondFactorQuestion) => void;
}

/** In without a password: the device knows whose passkey it is. */
export function PasskeyLogin({ onDone, onQuestion }: PasskeyLoginProps) {
  const { t } = useTranslation('auth');
  const login = usePasskeyLogIn();
  if (!passkeysSupported()) return null;
  const logIn = () =>
    login.mutate(undefined, {
      onSuccess: (answer) => (isQuestion(answer) ? onQuestion(answer) : onDone()),
    });
  return (
    <>
      <Button variant="secondary" size="lg" className="text-14" busy={login.isPending} onClick={logIn}>
        <KeyRound aria-hidden />
        {t('passkey.action')}
      </Button>
      {login.isError && <FormError>{errorText(login.error)}</FormError>}
    </>
  );
}
