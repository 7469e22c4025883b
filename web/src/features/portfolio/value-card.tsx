import { Eye, EyeOff } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Portfolio } from '@/api/types';
import { formatUsd, NO_VALUE } from '@/lib/format';
import { usePreferences } from '@/lib/preferences';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Change } from '@/ui/change';
import { NumberCell } from '@/ui/number-cell';
import { Segmented } from '@/ui/segmented';
import { Skeleton } from '@/ui/skeleton';
import { changeOver, pointsInRange, RANGES, type Range } from './value-range';

const ValueChart = lazy(() => import('./value-chart'));

export const HIDDEN = '••••••';

function HideButton() {
  const { t } = useTranslation('portfolio');
  const { hideAmounts, set } = usePreferences();
  const Icon = hideAmounts ? EyeOff : Eye;
  return (
    <Button
      variant="ghost"
      size="icon"
      className="size-7"
      aria-label={t(hideAmounts ? 'showAmounts' : 'hideAmounts')}
      onClick={() => set({ hideAmounts: !hideAmounts })}
    >
      <Icon aria-hidden />
    </Button>
  );
}

/** What everything is worth now, and how it came to that. */
export function ValueCard({ portfolio }: { portfolio: Portfolio }) {
  const { t } = useTranslation('portfolio');
  const hidden = usePreferences((preferences) => preferences.hideAmounts);
  const [range, setRange] = useState<Range>('1W');
  const points = pointsInRange(portfolio.history, range, Date.parse(portfolio.at));
  const change = changeOver(points);
  const today =
    range === '1D' ? { usd: portfolio.change_24h_usd, percent: portfolio.change_24h_percent } : change;
  return (
    <Card className="flex flex-col">
      <div className="flex flex-wrap items-start justify-between gap-3 p-4 pb-0">
        <div className="grid gap-1">
          <div className="flex h-7 items-center gap-1 text-13 text-quiet">
            {t('totalValue')} <HideButton />
          </div>
          <p
            className="text-28 font-semibold tracking-tight text-strong md:text-40"
            data-testid="total-value"
          >
            {hidden ? HIDDEN : <NumberCell text={formatUsd(portfolio.total_value_usd)} />}
          </p>
          <p className="flex items-center gap-2 text-14">
            <span className="num text-normal">
              {hidden ? HIDDEN : formatUsd(today?.usd, { sign: 'always' })}
            </span>
            {today?.percent != null ? <Change percent={today.percent} /> : today === null && NO_VALUE}
            <span className="text-quiet">
              {t(`range.${range}`)}
              {range !== '1D' && change !== null && ` · ${t('depositsIncluded')}`}
            </span>
          </p>
        </div>
        <Segmented
          aria-label={t('rangeLabel')}
          value={range}
          onChange={setRange}
          options={RANGES.map((value) => ({ value, label: t(`rangeShort.${value}`) }))}
        />
      </div>
      <div className="h-56 p-2 md:h-64">
        <Suspense fallback={<Skeleton className="size-full" />}>
          <ValueChart points={points} hidden={hidden} />
        </Suspense>
      </div>
    </Card>
  );
}
