import { useTranslation } from 'react-i18next';
import { SessionsPanel } from '@/features/sessions/sessions-panel';
import { useTitle } from '@/lib/use-title';

export function Component() {
  const { t } = useTranslation('sessions');
  useTitle(t('title'));
  return <SessionsPanel />;
}
