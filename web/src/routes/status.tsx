import { useTranslation } from 'react-i18next';
import { StatusPanel } from '@/features/status/status-panel';
import { useTitle } from '@/lib/use-title';
import { Page } from '@/ui/page';

export function Component() {
  const { t } = useTranslation('status');
  useTitle(t('title'));
  return (
    <Page title={t('title')} narrow>
      <StatusPanel />
    </Page>
  );
}
