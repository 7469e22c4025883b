import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Portfolio } from '@/api/types';
import { cn } from '@/lib/cn';
import { formatDecimal, formatUsd } from '@/lib/format';
import { usePreferences } from '@/lib/preferences';
import { Card, CardHead } from '@/ui/card';
import { Skeleton } from '@/ui/skeleton';
import { sliceColour } from './slice-colour';
import { HIDDEN } from './value-card';
import { foldSmall } from './value-range';

const AllocationRing = lazy(() => import('./allocation-ring'));
const KEEP = 6;

/** Where the value lies: a ring, and the table that says the same in figures. */
export function AllocationCard({ allocation }: { allocation: Portfolio['allocation'] }) {
  const { t } = useTranslation('portfolio');
  const hidden = usePreferences((preferences) => preferences.hideAmounts);
  const [active, setActive] = useState<number | null>(null);
  const slices = foldSmall(allocation, KEEP, t('otherAssets'));
  return (
    <Card>
      <CardHead title={t('allocation')} id="allocation" />
      <div className="grid items-center gap-4 px-4 pb-4 sm:grid-cols-[160px_1fr] lg:grid-cols-1">
        <div className="mx-auto size-40">
          <Suspense fallback={<Skeleton className="size-full rounded-full" />}>
            <AllocationRing slices={slices} active={active} onActive={setActive} />
          </Suspense>
        </div>
        <table className="w-full text-14" aria-labelledby="allocation">
          <tbody>
            {slices.map((slice, index) => (
              <tr
                key={slice.asset}
                onPointerEnter={() => setActive(index)}
                onPointerLeave={() => setActive(null)}
                className={cn('h-8', active === index && 'bg-raised')}
              >
                <th scope="row" className="rounded-l-control pl-2 text-left font-medium text-strong">
                  <span className="flex items-center gap-2">
                    <span
                      aria-hidden
                      className="size-2.5 rounded-[3px]"
                      style={{ background: sliceColour(index) }}
                    />
                    {slice.asset}
                  </span>
                </th>
                <td className="text-right num text-quiet">{hidden ? HIDDEN : formatUsd(slice.value_usd)}</td>
                <td className="w-20 rounded-r-control pr-2 pl-3 text-right num text-strong">
                  {formatDecimal(slice.percent, { decimals: 2 })}%
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
