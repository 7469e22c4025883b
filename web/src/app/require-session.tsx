import { useTranslation } from 'react-i18next';
import { Navigate, Outlet, useLocation } from 'react-router';
import { useSession } from '@/api/session';
import { loginPath } from '@/lib/paths';
import { ErrorState } from '@/ui/error-state';
import { PageSkeleton } from './page-skeleton';

/** Pages below need someone signed in; a visitor logs in first and comes back here. */
export function RequireSession() {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const session = useSession();
  if (session.isPending) return <PageSkeleton />;
  if (session.isError) {
    return (
      <ErrorState
        className="py-24"
        title={t('errors.unreachable')}
        text={t('errors.unreachableText')}
        retryLabel={t('retry')}
        onRetry={() => void session.refetch()}
      />
    );
  }
  if (session.data === null) return <Navigate to={loginPath(pathname + search)} replace />;
  return <Outlet />;
}
