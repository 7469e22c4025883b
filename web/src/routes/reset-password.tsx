import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { sessionQuery } from '@/api/session';
import { AuthCard } from '@/features/auth/auth-card';
import { resetTokenQuery } from '@/features/auth/recovery/recovery-api';
import { ResetForm } from '@/features/auth/recovery/reset-form';
import { PASSWORD_MIN } from '@/lib/password-strength';
import { paths } from '@/lib/paths';
import { useLinkToken } from '@/lib/use-link-token';
import { useTitle } from '@/lib/use-title';
import { Button } from '@/ui/button';
import { Skeleton } from '@/ui/skeleton';
import { toast } from '@/ui/toast';

export function Component() {
  const { t } = useTranslation('auth');
  const token = useLinkToken();
  const navigate = useNavigate();
  const client = useQueryClient();
  const link = useQuery(resetTokenQuery(token));
  useTitle(t('reset.title'));
  const done = () => {
    // Every session has ended, the one of this browser too.
    client.setQueryData(sessionQuery.queryKey, null);
    toast.success(t('reset.done'));
    void navigate(paths.login, { replace: true });
  };
  if (token === '' || link.data?.valid === false) {
    return (
      <AuthCard title={t('reset.badTitle')} text={t('reset.badText')}>
        <Button asChild>
          <Link to={paths.forgotPassword}>{t('reset.askAgain')}</Link>
        </Button>
      </AuthCard>
    );
  }
  return (
    <AuthCard title={t('reset.title')} text={t('reset.text')}>
      {link.isPending ? (
        <div role="status" aria-label={t('reset.checking')}>
          <Skeleton className="h-28" />
        </div>
      ) : (
        <ResetForm token={token} min={link.data?.password_min ?? PASSWORD_MIN} onDone={done} />
      )}
    </AuthCard>
  );
}
