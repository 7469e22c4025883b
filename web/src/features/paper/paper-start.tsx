import { NotebookPen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { formatDecimal } from '@/lib/format';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';
import { FormError } from '@/ui/form-error';
import { useStartPaper } from './use-paper';

/** The way in: play money for whoever has none yet. */
export function PaperStart({ amount, className }: { amount: string; className?: string }) {
  const { t } = useTranslation('paper');
  const start = useStartPaper();
  return (
    <div className={className}>
      <EmptyState
        icon={<NotebookPen aria-hidden />}
        title={t('start.title')}
        text={t('start.text')}
        action={
          <Button busy={start.isPending} onClick={() => start.mutate()}>
            {t('start.action', { amount: formatDecimal(amount) })}
          </Button>
        }
      />
      {start.error !== null && <FormError>{errorText(start.error)}</FormError>}
    </div>
  );
}
