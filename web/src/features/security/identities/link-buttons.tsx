import { useQuery } from '@tanstack/react-query';
import { Wallet } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { goToProvider, providersQuery } from '@/api/providers';
import { wantedMessage } from '@/api/wallet-sign-in';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/button';
import { ProviderMark } from '@/ui/provider-mark';
import { toast } from '@/ui/toast';
import { WalletSteps } from '@/ui/wallet-steps';
import { FormDialog } from '../form-dialog';
import { identitiesQuery, useLinkWallet } from '../security-api';

function LinkWallet() {
  const { t } = useTranslation('security');
  const link = useLinkWallet();
  return (
    <FormDialog
      title={t('identities.linkWallet')}
      text={t('identities.walletText')}
      trigger={
        <Button variant="secondary" size="sm">
          <Wallet aria-hidden />
          {t('identities.linkWallet')}
        </Button>
      }
    >
      {(close) => (
        <WalletSteps
          prepare={wantedMessage}
          finish={(signed) =>
            link.mutateAsync(signed, {
              onSuccess: () => {
                close();
                toast.success(t('identities.linked', { provider: t('identities.provider.wallet') }));
              },
            })
          }
          words={errorText}
          action={t('identities.signAndLink')}
        />
      )}
    </FormDialog>
  );
}

/** More ways in: the providers this exchange is set up for, and a wallet. */
export function LinkButtons() {
  const { t } = useTranslation('security');
  const { data: providers } = useQuery(providersQuery);
  const { data: identities } = useQuery(identitiesQuery);
  const linked = new Set(identities?.items.map((identity) => identity.provider));
  return (
    <>
      {providers?.items
        .filter((provider) => !linked.has(provider))
        .map((provider) => (
          <Button
            key={provider}
            variant="secondary"
            size="sm"
            onClick={() => void goToProvider(provider, 'link', paths.security)}
          >
            <ProviderMark provider={provider} />
            {t('identities.link', { provider: t(`identities.provider.${provider}`) })}
          </Button>
        ))}
      <LinkWallet />
    </>
  );
}
