import { Snowflake } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { ItemRow } from '@/ui/item-row';
import { useFreezeAccount } from '../security-api';

/** The emergency brake: everybody out, the owner too, until a new password by mail. */
export function FreezeRow({ onFrozen }: { onFrozen: () => void }) {
  const { t } = useTranslation(['security', 'common']);
  const [asking, setAsking] = useState(false);
  const freeze = useFreezeAccount(onFrozen);
  return (
    <ItemRow icon={<Snowflake aria-hidden />} title={t('freeze.title')} text={t('freeze.text')}>
      <Button variant="danger" size="sm" onClick={() => setAsking(true)}>
        {t('freeze.action')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('freeze.dialogTitle')}
        text={t('freeze.dialogText')}
        action={t('freeze.action')}
        cancel={t('common:cancel')}
        closeLabel={t('common:close')}
        busy={freeze.isPending}
        error={freeze.isError ? errorText(freeze.error) : undefined}
        onConfirm={() => freeze.mutate()}
      />
    </ItemRow>
  );
}
