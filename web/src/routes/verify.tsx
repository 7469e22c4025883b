import { Trans, useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { AuthCard } from '@/features/auth/auth-card';
import { DevMailHint } from '@/features/auth/dev-mail-hint';
import { forgetPendingEmail, pendingEmail } from '@/features/auth/pending-email';
import { VerifyForm } from '@/features/auth/verify-form';
import { paths, returnPath } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';

export function Component() {
  const { t } = useTranslation('auth');
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const email = pendingEmail();
  useTitle(t('verify.title'));
  if (email === null) return <Navigate to={paths.login} replace />;
  const done = () => {
    void navigate(returnPath(query.get('next')), { replace: true });
    forgetPendingEmail();
  };
  return (
    <AuthCard
      title={t('verify.title')}
      text={
        <Trans
          t={t}
          i18nKey="verify.text"
          values={{ email }}
          components={{ b: <b className="font-medium wrap-anywhere text-strong" /> }}
        />
      }
    >
      <VerifyForm email={email} onDone={done} />
      <DevMailHint email={email} />
    </AuthCard>
  );
}
