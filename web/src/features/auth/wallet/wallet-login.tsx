import { Wallet } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { wantedMessage } from '@/api/wallet-sign-in';
import { Button } from '@/ui/button';
import { Dialog, DialogContent, DialogTrigger } from '@/ui/dialog';
import { WalletSteps } from '@/ui/wallet-steps';
import { isQuestion, useWalletLogIn, type SecondFactorQuestion } from '../auth-api';

interface WalletLoginProps {
  onDone: () => void;
  onQuestion: (question: SecondFactorQuestion) => void;
}

/** In with a linked wallet: it signs a message that says what it is for. */
export function WalletLogin({ onDone, onQuestion }: WalletLoginProps) {
  const { t } = useTranslation(['auth', 'common']);
  const login = useWalletLogIn();
  const finish = (signed: { message: string; signature: string }) =>
    login.mutateAsync(signed, {
      onSuccess: (answer) => (isQuestion(answer) ? onQuestion(answer) : onDone()),
    });
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button variant="secondary" size="lg" className="text-14">
          <Wallet aria-hidden />
          {t('wallet.action')}
        </Button>
      </DialogTrigger>
      <DialogContent title={t('wallet.title')} description={t('wallet.text')} closeLabel={t('common:close')}>
        <WalletSteps prepare={wantedMessage} finish={finish} words={errorText} action={t('wallet.sign')} />
      </DialogContent>
    </Dialog>
  );
}
