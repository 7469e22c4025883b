import { useQuery } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import { Trans, useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { configQuery } from '@/api/config';
import { AuthCard } from '@/features/auth/auth-card';
import { forgetPendingEmail, pendingEmail } from '@/features/auth/pending-email';
import { VerifyForm } from '@/features/auth/verify-form';
import { paths, returnPath } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';

function DevMailHint({ email }: { email: string }) {
  const { t } = useTranslation('auth');
  const { data: config } = useQuery(configQuery);
  if (config?.dev_mail_enabled !== true) return null;
  return (
    <p className="flex items-start gap-2.5 rounded-control bg-info/10 px-3 py-2.5 text-14 text-normal">
      <Mail className="mt-0.5 size-4 shrink-0 text-info" aria-hidden />
      <span>
        {t('verify.devMail')}{' '}
        <a
          className="font-medium text-brand hover:underline"
          href={`${paths.devMail}?to=${encodeURIComponent(email)}`}
          target="_blank"
          rel="noreferrer"
        >
          {t('verify.devMailLink')}
        </a>
      </span>
    </p>
  );
}

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
