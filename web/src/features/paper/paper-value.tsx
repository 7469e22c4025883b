import { useTranslation } from 'react-i18next';
import type { Paper } from '@/api/types';
import { cn } from '@/lib/cn';
import { compare } from '@/lib/decimal';
import { formatUsd } from '@/lib/format';
import { useAccount } from '@/stream/account-store';
import { dollarPrice, usePrices } from '@/stream/prices-store';
import { calculateLiveValue } from './live-value';

/** What the play money would be worth, and what has been made of it. */
export function PaperValue({ paper, className }: { paper: Paper; className?: string }) {
  const { t } = useTranslation('paper');
  const live = useAccount((store) => store.balances);
  const prices = usePrices((store) => store.prices);
  const { total, profit } = calculateLiveValue(paper, live, (asset) => dollarPrice(prices, asset));
  const gain = compare(profit, '0');
  return (
    <dl className={cn('flex flex-wrap gap-x-5 gap-y-1', className)}>
      <div className="grid">
        <dt className="text-12 text-quiet">{t('value')}</dt>
        <dd className="num font-semibold text-strong" data-testid="paper-value">
          {formatUsd(total)}
        </dd>
      </div>
      <div className="grid">
        <dt className="text-12 text-quiet">{t('profit')}</dt>
        <dd className={cn('num', gain > 0 ? 'text-buy' : gain < 0 ? 'text-sell' : 'text-normal')}>
          {formatUsd(profit, { sign: 'always' })}
        </dd>
      </div>
    </dl>
  );
}
