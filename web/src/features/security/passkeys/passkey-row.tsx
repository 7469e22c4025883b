import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import type { Passkey } from '@/api/types';
import { formatAgo, formatDate } from '@/lib/dates';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { ItemRow } from '@/ui/item-row';
import { FormDialog } from '../form-dialog';
import { RemoveButton } from '../remove-button';
import { useRemovePasskey, useRenamePasskey } from '../security-api';
import { NameForm } from './name-form';

function Rename({ passkey }: { passkey: Passkey }) {
  const { t } = useTranslation('security');
  const rename = useRenamePasskey();
  const { id, name } = passkey;
  return (
    <FormDialog
      title={t('passkeys.renameLabel', { name })}
      trigger={
        <Button variant="ghost" size="sm" aria-label={t('passkeys.renameLabel', { name })}>
          {t('passkeys.rename')}
        </Button>
      }
    >
      {(close) => (
        <NameForm
          name={name}
          action={t('passkeys.save')}
          busy={rename.isPending}
          error={rename.isError ? errorText(rename.error) : undefined}
          onName={(next) => rename.mutate({ id, name: next }, { onSuccess: close })}
        />
      )}
    </FormDialog>
  );
}

export function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const { t, i18n } = useTranslation('security');
  const remove = useRemovePasskey();
  const { id, name } = passkey;
  const used =
    passkey.last_used_at === null
      ? t('passkeys.neverUsed')
      : t('passkeys.used', { when: formatAgo(passkey.last_used_at, i18n.language) });
  const added = t('passkeys.added', { date: formatDate(passkey.created_at, i18n.language) });
  return (
    <ItemRow
      icon={<KeyRound aria-hidden />}
      title={
        <>
          {name}
          {passkey.synced && <Badge>{t('passkeys.synced')}</Badge>}
        </>
      }
      text={`${added} · ${used}`}
    >
      <Rename passkey={passkey} />
      <RemoveButton
        label={t('passkeys.remove')}
        ariaLabel={t('passkeys.removeLabel', { name })}
        title={t('passkeys.removeTitle', { name })}
        text={t('passkeys.removeText')}
        done={t('passkeys.removed', { name })}
        input={id}
        mutation={remove}
      />
    </ItemRow>
  );
}
