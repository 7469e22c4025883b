import { useTranslation } from 'react-i18next';
import { TransactionsPanel } from '@/features/transactions/transactions-panel';
import { useTitle } from '@/lib/use-title';
import { Page } from '@/ui/page';

export function Component() {
  const { t } = useTranslation('transactions');
  useTitle(t('title'));
  return (
    <Page title={t('title')}>
      <TransactionsPanel />
    </Page>
  );
}
