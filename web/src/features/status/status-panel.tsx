import { useQuery } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { configQuery, healthQuery } from '@/api/config';
import { errorText } from '@/api/error-text';
import type { Health, HealthStatus } from '@/api/types';
import { cn } from '@/lib/cn';
import { useConnection } from '@/stream/connection-store';
import { usePriceSource } from '@/stream/price-source';
import { Badge, type Tone } from '@/ui/badge';
import { Card, CardHead } from '@/ui/card';
import { ErrorState } from '@/ui/error-state';
import { Skeleton, SkeletonRows } from '@/ui/skeleton';
import { calculateHealthRows, type HealthRow } from './health-rows';
import { PriceSources } from './price-sources';

const TONES = { ok: 'buy', degraded: 'warn', down: 'sell' } as const satisfies Record<HealthStatus, Tone>;

function Headline({ status }: { status: HealthStatus }) {
  const { t } = useTranslation('status');
  const Icon = status === 'ok' ? CircleCheck : TriangleAlert;
  const tone = { ok: 'text-buy', degraded: 'text-warn', down: 'text-sell' }[status];
  return (
    <Card className="flex items-center gap-3 p-4" role="status">
      <Icon className={cn('size-6 shrink-0', tone)} aria-hidden />
      <div className="grid gap-0.5">
        <p className="text-16 font-semibold text-strong">{t(`headline.${status}`)}</p>
        <p className="text-13 text-quiet">{t(`headlineText.${status}`)}</p>
      </div>
    </Card>
  );
}

function Row({ row }: { row: HealthRow }) {
  const { t } = useTranslation('status');
  return (
    <li className="flex items-center justify-between gap-4 border-t border-line px-4 py-3">
      <div className="grid min-w-0 gap-0.5">
        <span className="font-medium text-strong">
          {t(`check.${row.name}` as 'check.database', row.name)}
        </span>
        {row.detail !== '' && <span className="text-13 break-words text-quiet">{row.detail}</span>}
      </div>
      <span className="flex shrink-0 items-center gap-3">
        <span className="num text-12 text-quiet">{row.time}</span>
        <Badge tone={TONES[row.status]}>{t(`state.${row.status}`)}</Badge>
      </span>
    </li>
  );
}

function HereAndNow() {
  const { t } = useTranslation(['status', 'common']);
  const connection = useConnection((store) => store.state);
  const source = usePriceSource();
  const { data: config } = useQuery(configQuery);
  const facts = [
    [t('liveData'), t(`connection.${connection}`)],
    [t('prices'), source === undefined ? '–' : t(`common:priceSource.${source.kind}`, { name: source.name })],
    [t('version'), config?.version ?? '–'],
    [t('environment'), config?.environment ?? '–'],
  ] as const;
  return (
    <Card className="overflow-hidden">
      <CardHead title={t('fromHere')} />
      <dl className="grid grid-cols-2 gap-px border-t border-line bg-line sm:grid-cols-4">
        {facts.map(([name, value]) => (
          <div key={name} className="grid content-start gap-0.5 bg-panel px-4 py-3">
            <dt className="text-12 text-quiet">{name}</dt>
            <dd className="font-medium text-strong">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Parts({ health }: { health: Health }) {
  const { t } = useTranslation('status');
  return (
    <Card>
      <CardHead title={t('parts')} />
      <ul>
        {calculateHealthRows(health).map((row) => (
          <Row key={row.name} row={row} />
        ))}
      </ul>
    </Card>
  );
}

/** The server's own account of its health, asked every ten seconds. */
export function StatusPanel() {
  const { t } = useTranslation('common');
  const { data: health, isError, error, refetch } = useQuery(healthQuery);
  if (isError && health === undefined) {
    return (
      <Card>
        <ErrorState
          title={t('errors.unreachable')}
          text={errorText(error)}
          retryLabel={t('retry')}
          onRetry={() => void refetch()}
        />
      </Card>
    );
  }
  if (health === undefined) {
    return (
      <>
        <Skeleton className="h-18 rounded-panel" />
        <Card>
          <SkeletonRows rows={5} className="px-4" />
        </Card>
      </>
    );
  }
  return (
    <>
      <Headline status={health.status} />
      <HereAndNow />
      <PriceSources reported={health.price_sources} />
      <Parts health={health} />
    </>
  );
}
