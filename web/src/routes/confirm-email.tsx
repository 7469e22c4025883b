import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { errorText } from '@/api/error-text';
import { sessionQuery } from '@/api/session';
import { AuthCard } from '@/features/auth/auth-card';
import { confirmEmailChange } from '@/features/auth/recovery/recovery-api';
import { paths } from '@/lib/paths';
import { useLinkToken } from '@/lib/use-link-token';
import { useTitle } from '@/lib/use-title';
import { Button } from '@/ui/button';
import { FormError } from '@/ui/form-error';

/** The link of one of the two mails about another address. It asks first: mail programs open links by themselves. */
export function Component() {
  const { t } = useTranslation('auth');
  const token = useLinkToken();
  const client = useQueryClient();
  const confirm = useMutation({
    mutationFn: () => confirmEmailChange(token),
    onSuccess: ({ status }) => {
      if (status === 'changed') client.setQueryData(sessionQuery.queryKey, null);
    },
  });
  useTitle(t('confirmEmail.title'));
  if (confirm.data?.status === 'waiting') {
    return (
      <AuthCard title={t('confirmEmail.waitingTitle')} text={t('confirmEmail.waiting')}>
        {null}
      </AuthCard>
    );
  }
  if (confirm.data?.status === 'changed') {
    return (
      <AuthCard title={t('confirmEmail.changedTitle')} text={t('confirmEmail.changed')}>
        <Button asChild>
          <Link to={paths.login}>{t('logIn.action')}</Link>
        </Button>
      </AuthCard>
    );
  }
  return (
    <AuthCard title={t('confirmEmail.title')} text={t('confirmEmail.text')}>
      {confirm.isError && <FormError>{errorText(confirm.error)}</FormError>}
      <Button size="lg" className="text-14" busy={confirm.isPending} onClick={() => confirm.mutate()}>
        {t('confirmEmail.action')}
      </Button>
    </AuthCard>
  );
}
