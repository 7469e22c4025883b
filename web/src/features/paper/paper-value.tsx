import { useTranslation } from 'react-i18next';
import type { Paper } from '@/api/types';
import { cn } from '@/lib/cn';
import { compare } from '@/lib/decimal';
import { formatUsd } from '@/lib/format';

/** What the play money would be worth, and what has been made of it. */
export function PaperValue({ paper, className }: { paper: Paper; className?: string }) {
  const { t } = useTranslation('paper');
  const gain = compare(paper.profit_usd, '0');
  return (
    <dl className={cn('flex flex-wrap gap-x-5 gap-y-1', className)}>
      <div className="grid">
        <dt className="text-12 text-quiet">{t('value')}</dt>
        <dd className="num font-semibold text-strong" data-testid="paper-value">
          {formatUsd(paper.total_value_usd)}
        </dd>
      </div>
      <div className="grid">
        <dt className="text-12 text-quiet">{t('profit')}</dt>
        <dd className={cn('num', gain > 0 ? 'text-buy' : gain < 0 ? 'text-sell' : 'text-normal')}>
          {formatUsd(paper.profit_usd, { sign: 'always' })}
        </dd>
      </div>
    </dl>
  );
}
