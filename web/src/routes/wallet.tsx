import { useTranslation } from 'react-i18next';
import { PaperCard } from '@/features/paper/paper-card';
import { WalletPanel } from '@/features/wallet/wallet-panel';
import { useTitle } from '@/lib/use-title';
import { Page } from '@/ui/page';

export function Component() {
  const { t } = useTranslation('wallet');
  useTitle(t('title'));
  return (
    <Page title={t('title')}>
      <WalletPanel />
      <PaperCard />
    </Page>
  );
}
