import { useQuery } from '@tanstack/react-query';
import { AtSign, Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SecurityState, User } from '@/api/types';
import { formatAgo } from '@/lib/dates';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { ItemRow } from '@/ui/item-row';
import { FormDialog } from '../form-dialog';
import { securityQuery } from '../security-api';
import { ChangeEmailForm } from './change-email-form';
import { ChangePasswordForm } from './change-password-form';

function usePasswordFacts(state: SecurityState | undefined): string {
  const { t, i18n } = useTranslation('security');
  if (state === undefined) return '…';
  if (!state.has_password) return t('password.set');
  if (state.password_changed_at === null) return t('password.neverChanged');
  return t('password.changed', { when: formatAgo(state.password_changed_at, i18n.language) });
}

/** What one logs in with. */
export function SignInCard({ user }: { user: User }) {
  const { t } = useTranslation('security');
  const { data: state } = useQuery(securityQuery);
  const hasPassword = state?.has_password ?? true;
  const verb = t(hasPassword ? 'password.change' : 'password.choose');
  return (
    <Card>
      <ul>
        <ItemRow icon={<AtSign aria-hidden />} title={t('email.title')} text={user.email}>
          <FormDialog
            title={t('email.change')}
            text={t('email.text')}
            trigger={
              <Button variant="secondary" size="sm">
                {t('email.change')}
              </Button>
            }
          >
            {(close) => <ChangeEmailForm user={user} onDone={close} />}
          </FormDialog>
        </ItemRow>
        <ItemRow icon={<Lock aria-hidden />} title={t('password.title')} text={usePasswordFacts(state)}>
          <FormDialog
            title={verb}
            text={t('password.text')}
            trigger={
              <Button variant="secondary" size="sm">
                {verb}
              </Button>
            }
          >
            {(close) => <ChangePasswordForm user={user} hasPassword={hasPassword} onDone={close} />}
          </FormDialog>
        </ItemRow>
      </ul>
    </Card>
  );
}
