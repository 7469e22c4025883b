import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate } from 'react-router';
import { useUser } from '@/api/session';
import { AuthCard } from '@/features/auth/auth-card';
import { rememberSignUp, type PendingSignUp } from '@/features/auth/pending-sign-up';
import { SignupForm } from '@/features/auth/signup-form';
import { paths } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';

export function Component() {
  const { t } = useTranslation('auth');
  const navigate = useNavigate();
  const user = useUser();
  useTitle(t('signUp.title'));
  const onDone = (signUp: PendingSignUp) => {
    rememberSignUp(signUp);
    void navigate(`${paths.verify}${window.location.search}`);
  };
  if (user !== null) return <Navigate to={paths.dashboard} replace />;
  return (
    <AuthCard
      title={t('signUp.title')}
      text={t('signUp.text')}
      foot={
        <>
          {t('signUp.known')}{' '}
          <Link
            className="font-medium text-brand hover:underline"
            to={`${paths.login}${window.location.search}`}
          >
            {t('logIn.action')}
          </Link>
        </>
      }
    >
      <SignupForm onDone={onDone} />
    </AuthCard>
  );
}
