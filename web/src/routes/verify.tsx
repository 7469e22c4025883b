import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { AuthCard } from '@/features/auth/auth-card';
import { DevMailHint } from '@/features/auth/dev-mail-hint';
import { forgetSignUp, pendingSignUp } from '@/features/auth/pending-sign-up';
import { VerifyForm } from '@/features/auth/verify-form';
import { paths, returnPath } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';

export function Component() {
  const { t } = useTranslation('auth');
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const [signUp] = useState(pendingSignUp);
  useTitle(t('verify.title'));
  if (signUp === null) return <Navigate to={paths.login} replace />;
  const done = () => {
    void navigate(returnPath(query.get('next')), { replace: true });
    forgetSignUp();
  };
  return (
    <AuthCard
      title={t('verify.title')}
      text={
        <Trans
          t={t}
          i18nKey="verify.text"
          values={{ email: signUp.email }}
          components={{ b: <b className="font-medium wrap-anywhere text-strong" /> }}
        />
      }
    >
      <VerifyForm signUp={signUp} onDone={done} />
      <DevMailHint email={signUp.email} />
    </AuthCard>
  );
}
