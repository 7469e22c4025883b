import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Snowflake } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { errorText } from '@/api/error-text';
import { sessionQuery } from '@/api/session';
import { AuthCard } from '@/features/auth/auth-card';
import { freezeAccount } from '@/features/auth/recovery/recovery-api';
import { paths } from '@/lib/paths';
import { useLinkToken } from '@/lib/use-link-token';
import { useTitle } from '@/lib/use-title';
import { Button } from '@/ui/button';
import { FormError } from '@/ui/form-error';

/** The link of a security mail. It asks first: mail programs open links by themselves. */
export function Component() {
  const { t } = useTranslation('auth');
  const token = useLinkToken();
  const client = useQueryClient();
  const freeze = useMutation({
    mutationFn: () => freezeAccount(token),
    onSuccess: () => client.setQueryData(sessionQuery.queryKey, null),
  });
  useTitle(t('freeze.title'));
  if (freeze.isSuccess) {
    return (
      <AuthCard title={t('freeze.doneTitle')} text={t('freeze.done')}>
        <Button asChild>
          <Link to={paths.forgotPassword}>{t('freeze.toReset')}</Link>
        </Button>
      </AuthCard>
    );
  }
  return (
    <AuthCard title={t('freeze.title')} text={t('freeze.text')} foot={t('freeze.not')}>
      {freeze.isError && <FormError>{errorText(freeze.error)}</FormError>}
      <Button
        variant="danger"
        size="lg"
        className="text-14"
        busy={freeze.isPending}
        onClick={() => freeze.mutate()}
      >
        <Snowflake aria-hidden />
        {t('freeze.action')}
      </Button>
    </AuthCard>
  );
}
