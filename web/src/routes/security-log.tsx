import { useTranslation } from 'react-i18next';
import { AuditLog } from '@/features/audit-logs/audit-log';
import { useTitle } from '@/lib/use-title';

export function Component() {
  const { t } = useTranslation('audit-logs');
  useTitle(t('title'));
  return <AuditLog />;
}
