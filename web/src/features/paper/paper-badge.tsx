import { NotebookPen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { usePaperMode } from '@/lib/paper';
import { Badge } from '@/ui/badge';

function Mark() {
  const { t } = useTranslation('paper');
  return (
    <Badge tone="info" title={t('explain')} data-testid="paper-badge">
      <NotebookPen className="size-3.5" aria-hidden />
      {t('name')}
    </Badge>
  );
}

/** Says that play money is meant; nothing where real money is. */
export function PaperBadge() {
  return usePaperMode() ? <Mark /> : null;
}
