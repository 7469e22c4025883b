import { useTranslation } from 'react-i18next';
import { FeesPanel } from '@/features/fees/fees-panel';
import { useTitle } from '@/lib/use-title';

export function Component() {
  const { t } = useTranslation('fees');
  useTitle(t('title'));
  return <FeesPanel />;
}
