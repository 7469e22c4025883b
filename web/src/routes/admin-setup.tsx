import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { AdminSetupForm } from '@/features/auth/admin-setup-form';
import { adminSetupQuery } from '@/features/auth/auth-api';
import { AuthCard } from '@/features/auth/auth-card';
import { paths } from '@/lib/paths';
import { useLinkToken } from '@/lib/use-link-token';
import { useTitle } from '@/lib/use-title';
import { Button } from '@/ui/button';
import { Skeleton } from '@/ui/skeleton';
import { toast } from '@/ui/toast';

/** The first start prints a link to this page; it works once. */
export function Component() {
  const { t } = useTranslation('auth');
  const navigate = useNavigate();
  const token = useLinkToken();
  const open = useQuery(adminSetupQuery);
  useTitle(t('setUp.title'));
  const done = () => {
    toast.success(t('setUp.done'));
    void navigate(paths.login, { replace: true });
  };
  if (open.isPending) {
    return (
      <AuthCard title={t('setUp.title')}>
        <Skeleton className="h-40" />
      </AuthCard>
    );
  }
  if (open.data === false) {
    return (
      <AuthCard title={t('setUp.closedTitle')} text={t('setUp.closedText')}>
        <Button asChild>
          <Link to={paths.login}>{t('logIn.action')}</Link>
        </Button>
      </AuthCard>
    );
  }
  return (
    <AuthCard title={t('setUp.title')} text={t('setUp.text')}>
      <AdminSetupForm token={token} onDone={done} />
    </AuthCard>
  );
}
