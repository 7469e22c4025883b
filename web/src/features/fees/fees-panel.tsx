import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { feesQuery } from '@/api/fees';
import type { Fees } from '@/api/types';
import { cn } from '@/lib/cn';
import { formatUsd } from '@/lib/format';
import { Badge } from '@/ui/badge';
import { Card, CardHead } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { Table, Td, TdNum, Th, Tr } from '@/ui/table';
import { calculateProgress, formatRate } from './fee-rows';

const money = (dollars: string) => formatUsd(dollars, { decimals: 0 });

/** Where one stands, and how far it is to the next tier. */
function Standing({ fees }: { fees: Fees }) {
  const { t } = useTranslation('fees');
  const progress = calculateProgress(fees);
  const facts = [
    [t('yourTier'), `${fees.tier + 1}`],
    [t('volume'), money(fees.volume_30d)],
    [t('maker'), fees.maker === null ? '–' : formatRate(fees.maker)],
    [t('taker'), fees.taker === null ? '–' : formatRate(fees.taker)],
  ] as const;
  return (
    <Card>
      <CardHead title={t('title')} />
      <dl className="grid grid-cols-2 gap-4 border-t border-line p-4 sm:grid-cols-4">
        {facts.map(([name, value]) => (
          <div key={name} className="grid gap-0.5">
            <dt className="text-12 text-quiet">{name}</dt>
            <dd className="num text-20 font-semibold text-strong">{value}</dd>
          </div>
        ))}
      </dl>
      {progress !== null && fees.next !== null && (
        <div className="grid gap-2 px-4 pb-4">
          <div
            role="progressbar"
            aria-label={t('toNext')}
            aria-valuenow={progress.percent}
            className="h-1.5 overflow-hidden rounded-full bg-line"
          >
            <div className="h-full rounded-full bg-brand" style={{ width: `${progress.percent}%` }} />
          </div>
          <p className="num text-13 text-normal">
            {t('next', {
              missing: money(progress.missing),
              maker: formatRate(fees.next.maker),
              taker: formatRate(fees.next.taker),
            })}
          </p>
        </div>
      )}
    </Card>
  );
}

function Tiers({ fees }: { fees: Fees }) {
  const { t } = useTranslation('fees');
  return (
    <Card className="overflow-hidden">
      <CardHead title={t('schedule')} />
      <Table>
        <thead>
          <tr>
            <Th>{t('tier')}</Th>
            <Th className="text-right">{t('from')}</Th>
            <Th className="text-right">{t('maker')}</Th>
            <Th className="text-right">{t('taker')}</Th>
          </tr>
        </thead>
        <tbody>
          {fees.tiers.map((tier, index) => {
            const own = index === fees.tier;
            return (
              <Tr key={tier.volume} className={cn('[&>td]:h-10', own && 'bg-brand/8')}>
                <Td className="num text-strong">
                  <span className="inline-flex items-center gap-2">
                    {index + 1} {own && <Badge tone="brand">{t('you')}</Badge>}
                  </span>
                </Td>
                <TdNum className="text-normal">{money(tier.volume)}</TdNum>
                <TdNum>{formatRate(tier.maker)}</TdNum>
                <TdNum>{formatRate(tier.taker)}</TdNum>
              </Tr>
            );
          })}
        </tbody>
      </Table>
      <p className="border-t border-line px-4 py-3 text-13 text-quiet">{t('rule')}</p>
    </Card>
  );
}

/** What trading costs, now and with more volume. */
export function FeesPanel() {
  const { t } = useTranslation(['fees', 'common']);
  const { data, error, refetch } = useQuery(feesQuery);
  if (error !== null && data === undefined)
    return (
      <ErrorState
        title={t('failed')}
        text={errorText(error)}
        retryLabel={t('common:retry')}
        onRetry={() => void refetch()}
      />
    );
  if (data === undefined)
    return (
      <Card aria-busy>
        <SkeletonRows rows={8} className="px-4" />
      </Card>
    );
  if (data.tiers.length === 0)
    return (
      <Card>
        <EmptyState title={t('none')} text={t('noneText')} />
      </Card>
    );
  return (
    <>
      <Standing fees={data} />
      <Tiers fees={data} />
    </>
  );
}
