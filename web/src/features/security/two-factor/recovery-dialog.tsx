import { useTranslation } from 'react-i18next';
import { Dialog, DialogContent } from '@/ui/dialog';
import { RecoveryCodes } from './recovery-codes';

/** Shows codes that were just made; null or none: nothing to show. */
export function RecoveryDialog({ codes, onDone }: { codes: readonly string[] | null; onDone: () => void }) {
  const { t } = useTranslation(['security', 'common']);
  const some = codes !== null && codes.length > 0;
  return (
    <Dialog open={some} onOpenChange={onDone}>
      {some && (
        <DialogContent
          title={t('recovery.shownTitle')}
          closeLabel={t('common:close')}
          className="print:static print:border-0 print:shadow-none"
        >
          <RecoveryCodes codes={codes} onDone={onDone} />
        </DialogContent>
      )}
    </Dialog>
  );
}
