import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { feesQuery } from '@/api/fees';
import { withTier } from '@/api/own-fees';
import { useUser } from '@/api/session';
import type { Market } from '@/api/types';
import { formatDateTime, formatSpan } from '@/lib/dates';
import { mul } from '@/lib/decimal';
import { formatDecimal } from '@/lib/format';
import { paths } from '@/lib/paths';
import { Badge } from '@/ui/badge';
import { Term } from '@/ui/tooltip';

const KINDS = [
  'market',
  'limit',
  'stop',
  'stop_limit',
  'take_profit',
  'take_profit_limit',
  'trailing_stop',
  'iceberg',
  'gtd',
  'group',
] as const satisfies Market['order_types'];
const BEYOND = ['iceberg', 'gtd', 'group'] as const;

function Facts({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h2 className="mb-1 text-12 font-medium text-quiet">{title}</h2>
      <dl className="divide-y divide-line border-y border-line text-13">{children}</dl>
    </section>
  );
}

function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-6 py-2">
      <dt className="shrink-0 text-quiet">{name}</dt>
      <dd className="text-right num text-balance text-strong">{children}</dd>
    </div>
  );
}

function Kinds({ kinds }: { kinds: Market['order_types'] }) {
  const { t } = useTranslation('trade');
  const isBeyond = (kind: string): kind is (typeof BEYOND)[number] =>
    (BEYOND as readonly string[]).includes(kind);
  return (
    <span className="flex flex-wrap justify-end gap-1">
      {kinds.map((kind) => (
        <Badge key={kind}>{isBeyond(kind) ? t(`info.kinds.${kind}`) : t(`type.${kind}`)}</Badge>
      ))}
    </span>
  );
}

/** When trading stops by itself, and how far a market order may go. */
function Guards({ market }: { market: Market }) {
  const { t, i18n } = useTranslation('trade');
  const { band_percent: percent, band_seconds: window, halt_seconds: halt } = market;
  const span = (seconds: number) => formatSpan(seconds, i18n.language);
  const duration = halt === null ? t('info.haltOpen') : t('info.haltFor', { span: span(halt) });
  return (
    <>
      <Fact name={t('info.band')}>
        {percent === null || window === null
          ? t('info.noBand')
          : t('info.bandText', { percent, span: span(window), halt: duration })}
      </Fact>
      {market.collar_percent !== null && (
        <Fact name={t('info.collar')}>{t('info.collarText', { percent: market.collar_percent })}</Fact>
      )}
    </>
  );
}

function Trading({ market }: { market: Market }) {
  const { t, i18n } = useTranslation('trade');
  const { scheduled } = market;
  const closed = KINDS.filter((kind) => !market.order_types.includes(kind));
  return (
    <Facts title={t('info.trading')}>
      <Fact name={t('info.market')}>{`${market.base_name} (${market.base}) / ${market.quote}`}</Fact>
      <Fact name={t('info.status')}>{t(`info.states.${market.status}`)}</Fact>
      <Fact name={t('info.next')}>
        {scheduled === null
          ? t('info.noNext')
          : `${formatDateTime(scheduled.at, i18n.language)} · ${t(`info.states.${scheduled.status}`)}`}
      </Fact>
      <Fact name={t('info.types')}>
        <Kinds kinds={KINDS.filter((kind) => market.order_types.includes(kind))} />
      </Fact>
      {closed.length > 0 && (
        <Fact name={t('info.notTaken')}>
          <Kinds kinds={closed} />
        </Fact>
      )}
      <Guards market={market} />
    </Facts>
  );
}

function Sizes({ market }: { market: Market }) {
  const { t } = useTranslation('trade');
  return (
    <Facts title={t('info.sizes')}>
      <Fact name={t('info.tick')}>{`${market.tick_size} ${market.quote}`}</Fact>
      <Fact name={t('info.lot')}>{`${market.lot_size} ${market.base}`}</Fact>
      <Fact name={t('info.min')}>{`${formatDecimal(market.min_notional)} ${market.quote}`}</Fact>
      <Fact name={t('info.max')}>{`${formatDecimal(market.max_qty)} ${market.base}`}</Fact>
    </Facts>
  );
}

function Rate({ own, market }: { own: string; market: string }) {
  const { t } = useTranslation('trade');
  const rate = mul(market, '100');
  return (
    <>
      {mul(own, '100')} %
      {own !== market && <span className="text-quiet"> · {t('info.marketRate', { rate })}</span>}
    </>
  );
}

/** What this person pays here, and by which tier; for a visitor the market's own rates. */
function FeeFacts({ market }: { market: Market }) {
  const { t } = useTranslation('trade');
  const signedIn = useUser() !== null;
  const { data: fees } = useQuery({ ...feesQuery, enabled: signedIn });
  const own = withTier(market, fees);
  return (
    <Facts title={t('info.fees')}>
      <Fact name={<Term content={t('info.makerHint')}>{t('info.maker')}</Term>}>
        <Rate own={own.maker_fee} market={market.maker_fee} />
      </Fact>
      <Fact name={<Term content={t('info.takerHint')}>{t('info.taker')}</Term>}>
        <Rate own={own.taker_fee} market={market.taker_fee} />
      </Fact>
      {fees !== undefined && fees.tiers.length > 0 && (
        <Fact name={t('info.tier')}>
          <Link to={paths.fees} className="text-brand hover:underline">
            {t('info.tierOf', { tier: fees.tier + 1, count: fees.tiers.length })}
          </Link>
        </Fact>
      )}
    </Facts>
  );
}

/** The rules of a market in plain words. */
export default function MarketInfo({ market }: { market: Market }) {
  return (
    <div className="@container p-4">
      <div className="grid gap-x-10 gap-y-5 @2xl:grid-cols-2">
        <Trading market={market} />
        <div className="grid content-start gap-5">
          <Sizes market={market} />
          <FeeFacts market={market} />
        </div>
      </div>
    </div>
  );
}
