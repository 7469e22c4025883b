import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { toApiError } from '@/api/errors';
import type { User } from '@/api/types';
import { Button } from '@/ui/button';
import { Card, CardHead } from '@/ui/card';
import { Field } from '@/ui/field';
import { FormError } from '@/ui/form-error';
import { Input } from '@/ui/input';
import { FormDialog } from './form-dialog';
import { useDeleteAccount } from './security-api';

/** The assets that stand in the way, where the refusal names them. */
function assetsLeft(details: unknown): string {
  if (typeof details !== 'object' || details === null || !('assets' in details)) return '';
  return Array.isArray(details.assets) ? details.assets.join(', ') : '';
}

function DeleteForm({ user, onDeleted }: { user: User; onDeleted: () => void }) {
  const { t } = useTranslation('security');
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const remove = useDeleteAccount(onDeleted);
  const matches = typed.trim().toLowerCase() === user.email.toLowerCase();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (matches) remove.mutate();
  };
  const refusal = remove.isError ? toApiError(remove.error) : null;
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      {refusal !== null && (
        <FormError>
          {refusal.code === 'FUNDS_REMAIN'
            ? t('remove.funds', { assets: assetsLeft(refusal.details) })
            : errorText(refusal)}
        </FormError>
      )}
      <Field
        label={t('remove.type', { email: user.email })}
        error={tried && !matches ? t('remove.mismatch') : undefined}
      >
        {(control) => (
          <Input
            {...control}
            value={typed}
            type="email"
            autoComplete="off"
            autoFocus
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" variant="danger" busy={remove.isPending}>
        {t('remove.action')}
      </Button>
    </form>
  );
}

export function DeleteAccountCard({ user, onDeleted }: { user: User; onDeleted: () => void }) {
  const { t } = useTranslation('security');
  return (
    <Card>
      <CardHead title={t('remove.title')} />
      <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3 border-t border-line px-4 py-4">
        <p className="max-w-md text-14 text-quiet">{t('remove.text')}</p>
        <FormDialog
          title={t('remove.dialogTitle')}
          text={t('remove.dialogText')}
          trigger={
            <Button variant="danger" size="sm">
              {t('remove.action')}
            </Button>
          }
        >
          {() => <DeleteForm user={user} onDeleted={onDeleted} />}
        </FormDialog>
      </div>
    </Card>
  );
}
