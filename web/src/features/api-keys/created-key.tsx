import { useTranslation } from 'react-i18next';
import type { CreatedApiKey } from '@/api/types';
import { Button } from '@/ui/button';
import { CopyField } from '@/ui/copy-field';
import { Note } from '@/ui/note';

/** The key that was just made. The secret is in memory only, and gone when this closes. */
export function CreatedKey({ created, onDone }: { created: CreatedApiKey; onDone: () => void }) {
  const { t } = useTranslation(['api-keys', 'common']);
  const words = { copyLabel: t('common:copy'), copiedLabel: t('common:copied') };
  return (
    <div className="grid gap-4">
      <Note tone={created.secret === null ? 'info' : 'warn'}>
        {created.secret === null ? t('created.publicOnly') : t('created.once')}
      </Note>
      <CopyField label={t('created.id')} value={created.id} {...words} copyLabel={t('created.copyId')} />
      {created.secret !== null && (
        <CopyField
          label={t('created.secret')}
          value={created.secret}
          {...words}
          copyLabel={t('created.copySecret')}
        />
      )}
      <Button onClick={onDone}>{t(created.secret === null ? 'created.done' : 'created.kept')}</Button>
    </div>
  );
}
