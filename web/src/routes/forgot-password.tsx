import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { AuthCard } from '@/features/auth/auth-card';
import { DevMailHint } from '@/features/auth/dev-mail-hint';
import { ForgotForm } from '@/features/auth/recovery/forgot-form';
import { paths } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';
import { Button } from '@/ui/button';

export function Component() {
  const { t } = useTranslation('auth');
  const [sentTo, setSentTo] = useState<string | null>(null);
  useTitle(t('forgot.title'));
  const back = (
    <Link className="font-medium text-brand hover:underline" to={paths.login}>
      {t('forgot.back')}
    </Link>
  );
  if (sentTo === null) {
    return (
      <AuthCard title={t('forgot.title')} text={t('forgot.text')} foot={back}>
        <ForgotForm onSent={setSentTo} />
      </AuthCard>
    );
  }
  const bold = <b className="font-medium wrap-anywhere text-strong" />;
  return (
    <AuthCard
      title={t('forgot.sentTitle')}
      text={<Trans t={t} i18nKey="forgot.sent" values={{ email: sentTo }} components={{ b: bold }} />}
      foot={back}
    >
      <Button variant="secondary" onClick={() => setSentTo(null)}>
        {t('forgot.again')}
      </Button>
      <DevMailHint email={sentTo} />
    </AuthCard>
  );
}
