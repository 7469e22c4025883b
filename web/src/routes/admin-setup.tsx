import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { AdminSetupForm } from '@/features/auth/admin-setup-form';
import { AuthCard } from '@/features/auth/auth-card';
import { paths } from '@/lib/paths';
import { useLinkToken } from '@/lib/use-link-token';
import { useTitle } from '@/lib/use-title';
import { toast } from '@/ui/toast';

/** The first start prints a link to this page; it works once. */
export function Component() {
  const { t } = useTranslation('auth');
  const navigate = useNavigate();
  const token = useLinkToken();
  useTitle(t('setUp.title'));
  const done = () => {
    toast.success(t('setUp.done'));
    void navigate(paths.login, { replace: true });
  };
  return (
    <AuthCard title={t('setUp.title')} text={t('setUp.text')}>
      <AdminSetupForm token={token} onDone={done} />
    </AuthCard>
  );
}
