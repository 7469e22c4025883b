import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { formatDecimal } from '@/lib/format';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { toast } from '@/ui/toast';
import { useResetPaper } from './use-paper';

/** Asks once, then cancels all paper orders and brings the first amount back. */
export function ResetButton({ amount }: { amount: string }) {
  const { t } = useTranslation('paper');
  const [open, setOpen] = useState(false);
  const reset = useResetPaper(() => {
    setOpen(false);
    toast.success(t('reset.done'));
  });
  return (
    <>
      <Button variant="ghost" size="sm" className="h-7 px-2 text-12" onClick={() => setOpen(true)}>
        <RotateCcw aria-hidden />
        {t('reset.open')}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={t('reset.title')}
        text={t('reset.text', { amount: formatDecimal(amount) })}
        action={t('reset.action')}
        cancel={t('reset.cancel')}
        closeLabel={t('reset.close')}
        busy={reset.isPending}
        error={reset.error === null ? undefined : errorText(reset.error)}
        onConfirm={() => reset.mutate()}
      />
    </>
  );
}
