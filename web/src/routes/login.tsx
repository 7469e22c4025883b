import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router';
import { useUser } from '@/api/session';
import { AuthCard } from '@/features/auth/auth-card';
import { LoginForm } from '@/features/auth/login-form';
import { rememberPendingEmail } from '@/features/auth/pending-email';
import { paths, returnPath } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';

export function Component() {
  const { t } = useTranslation('auth');
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const next = returnPath(query.get('next'));
  const user = useUser();
  useTitle(t('logIn.title'));
  const onUnverified = (email: string) => {
    rememberPendingEmail(email);
    void navigate(`${paths.verify}${window.location.search}`);
  };
  if (user !== null) return <Navigate to={next} replace />;
  return (
    <AuthCard
      title={t('logIn.title')}
      text={query.has('next') ? t('logIn.toContinue') : undefined}
      foot={
        <>
          {t('logIn.new')}{' '}
          <Link
            className="font-medium text-brand hover:underline"
            to={`${paths.signup}${window.location.search}`}
          >
            {t('signUp.action')}
          </Link>
        </>
      }
    >
      <LoginForm onDone={() => void navigate(next, { replace: true })} onUnverified={onUnverified} />
    </AuthCard>
  );
}
