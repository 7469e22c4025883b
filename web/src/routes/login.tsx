import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router';
import { useUser } from '@/api/session';
import { useSessionEnd } from '@/api/session-end';
import type { SecondFactorQuestion } from '@/features/auth/auth-api';
import { AuthCard } from '@/features/auth/auth-card';
import { LoginForm } from '@/features/auth/login-form';
import { ProviderButtons } from '@/features/auth/oauth/provider-buttons';
import { OtherWays } from '@/features/auth/other-ways';
import { PasskeyLogin } from '@/features/auth/passkey-login';
import { rememberSignUp, type PendingSignUp } from '@/features/auth/pending-sign-up';
import { SecondFactorStep } from '@/features/auth/second-factor/second-factor-step';
import { WalletLogin } from '@/features/auth/wallet/wallet-login';
import { paths, returnPath } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';
import { Note } from '@/ui/note';

function Newcomers() {
  const { t } = useTranslation('auth');
  return (
    <>
      {t('logIn.new')}{' '}
      <Link
        className="font-medium text-brand hover:underline"
        to={`${paths.signup}${window.location.search}`}
      >
        {t('signUp.action')}
      </Link>
    </>
  );
}

export function Component() {
  const { t } = useTranslation(['auth', 'common']);
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const [question, setQuestion] = useState<SecondFactorQuestion | null>(null);
  const next = returnPath(query.get('next'));
  const user = useUser();
  const ended = useSessionEnd((store) => store.reason);
  useTitle(t('logIn.title'));
  const done = () => void navigate(next, { replace: true });
  const onUnverified = (signUp: PendingSignUp) => {
    rememberSignUp(signUp);
    void navigate(`${paths.verify}${window.location.search}`);
  };
  if (user !== null) return <Navigate to={next} replace />;
  if (question !== null) {
    // It follows after whatever was proven, a passkey for example.
    const forAdmin = question.methods.includes('admin_code');
    return (
      <AuthCard title={t('secondStep.title')} text={t(forAdmin ? 'secondStep.textOther' : 'secondStep.text')}>
        <SecondFactorStep
          key={question.challenge}
          question={question}
          onDone={done}
          onQuestion={setQuestion}
          onBack={() => setQuestion(null)}
        />
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title={t('logIn.title')}
      text={query.has('next') && ended === null ? t('logIn.toContinue') : undefined}
      foot={<Newcomers />}
    >
      {ended !== null && <Note>{t(`common:sessionEnd.${ended}`)}</Note>}
      <LoginForm onDone={done} onQuestion={setQuestion} onUnverified={onUnverified} />
      <OtherWays>
        <PasskeyLogin onDone={done} onQuestion={setQuestion} />
        <ProviderButtons next={next} />
        <WalletLogin onDone={done} onQuestion={setQuestion} />
      </OtherWays>
    </AuthCard>
  );
}
