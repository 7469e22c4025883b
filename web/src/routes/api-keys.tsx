import { useTranslation } from 'react-i18next';
import { ApiKeysPanel } from '@/features/api-keys/api-keys-panel';
import { useTitle } from '@/lib/use-title';

export function Component() {
  const { t } = useTranslation('api-keys');
  useTitle(t('title'));
  return <ApiKeysPanel />;
}
