import { useMutation } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { errorText } from '@/api/error-text';
import { AuthCard } from '@/features/auth/auth-card';
import { keepSecondFactor } from '@/features/auth/recovery/recovery-api';
import { paths } from '@/lib/paths';
import { useLinkToken } from '@/lib/use-link-token';
import { useTitle } from '@/lib/use-title';
import { Button } from '@/ui/button';
import { FormError } from '@/ui/form-error';

/** The link of the notice that a lost second factor is about to be removed. It asks first, like that of freezing. */
export function Component() {
  const { t } = useTranslation('auth');
  const token = useLinkToken();
  const keep = useMutation({ mutationFn: () => keepSecondFactor(token) });
  useTitle(t('keepFactor.title'));
  if (keep.isSuccess) {
    return (
      <AuthCard title={t('keepFactor.doneTitle')} text={t('keepFactor.done')}>
        <Button asChild>
          <Link to={paths.security}>{t('keepFactor.toSecurity')}</Link>
        </Button>
      </AuthCard>
    );
  }
  return (
    <AuthCard title={t('keepFactor.title')} text={t('keepFactor.text')} foot={t('keepFactor.not')}>
      {keep.isError && <FormError>{errorText(keep.error)}</FormError>}
      <Button size="lg" className="text-14" busy={keep.isPending} onClick={() => keep.mutate()}>
        <ShieldCheck aria-hidden />
        {t('keepFactor.action')}
      </Button>
    </AuthCard>
  );
}
