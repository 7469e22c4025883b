import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { passkeysSupported } from '@/lib/passkeys';
import { Button } from '@/ui/button';
import { FormError } from '@/ui/form-error';
import { usePasskeyLogIn } from './auth-api';

/** In without a password: the device knows whose passkey it is. */
export function PasskeyLogin({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('auth');
  const login = usePasskeyLogIn();
  if (!passkeysSupported()) return null;
  return (
    <>
      <Button
        variant="secondary"
        size="lg"
        className="text-14"
        busy={login.isPending}
        onClick={() => login.mutate(undefined, { onSuccess: onDone })}
      >
        <KeyRound aria-hidden />
        {t('passkey.action')}
      </Button>
      {login.isError && <FormError>{errorText(login.error)}</FormError>}
    </>
  );
}
