import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market, Ticker } from '@/api/types';
import { cn } from '@/lib/cn';
import { formatCompact, formatDecimal } from '@/lib/format';
import { realOf } from '@/lib/paper';
import { usePrice, useTicker } from '@/stream/use-live';
import { Badge } from '@/ui/badge';
import { Change } from '@/ui/change';
import { NumberCell } from '@/ui/number-cell';

function Fact({ name, children, className }: { name: string; children: ReactNode; className?: string }) {
  return (
    <div className={cn('grid gap-px', className)}>
      <dt className="text-12 whitespace-nowrap text-quiet">{name}</dt>
      <dd className="num text-13 whitespace-nowrap text-strong">{children}</dd>
    </div>
  );
}

interface MarketFigures {
  ticker: Ticker | null;
  /** Of the last 24 hours' trades here, where there were any; else the reference price. Never outside the day's range. */
  last: string | null;
  change: string | null;
  /** Whether these figures are of own trades. */
  own: boolean;
  /** The price of the outside world, or the last known one. */
  reference: string | null;
}

/** Figures of the market, all of one source: the ticker; the reference price ticks beside it every second. */
export function useMarketFigures(market: Market): MarketFigures {
  const ticker = useTicker(market.symbol) ?? market.ticker;
  const outside = usePrice(market.symbol);
  return {
    ticker,
    last: ticker?.last ?? null,
    change: ticker?.change_24h ?? null,
    own: ticker?.stats_source === 'trades',
    reference: outside?.last ?? ticker?.reference.last ?? null,
  };
}

/** Says that the figures of the day are those of the outside world, as long as the market had no trades of its own. */
function StatsSource({ ticker }: { ticker: Ticker | null }) {
  const { t } = useTranslation('trade');
  if (ticker === null || ticker.stats_source !== 'reference') return null;
  return (
    <Badge title={t('source.text')} className="w-fit">
      {t('source.reference')}
    </Badge>
  );
}

interface MarketStripProps {
  market: Market;
  /** What chooses another market, and other controls beside it. */
  picker: ReactNode;
}

/** The strip across the top of the desk. */
export function MarketStrip({ market, picker }: MarketStripProps) {
  const { t } = useTranslation('trade');
  const { ticker, last, change, own, reference } = useMarketFigures(market);
  const price = (value: string | null | undefined) =>
    formatDecimal(value, { decimals: market.price_decimals });
  return (
    <div className="flex min-h-14 items-center gap-x-6 overflow-x-auto px-2">
      <div className="flex shrink-0 items-center gap-1">{picker}</div>
      <dl className="flex items-center gap-x-6">
        <div className="grid">
          <dt className="text-12 whitespace-nowrap text-quiet">
            {t(own ? 'header.last' : 'header.reference')}
          </dt>
          <dd data-testid="last-price">
            <NumberCell text={price(last)} className="text-20 leading-6 font-semibold text-strong" />
          </dd>
        </div>
        {own && <Fact name={t('header.reference')}>{price(reference)}</Fact>}
        <Fact name={t('header.change')}>
          <Change percent={change} />
        </Fact>
        <Fact name={t('header.high')}>{price(ticker?.high_24h)}</Fact>
        <Fact name={t('header.low')}>{price(ticker?.low_24h)}</Fact>
        <Fact name={t('header.volume', { asset: realOf(market.base) })}>
          {formatCompact(ticker?.volume_24h)}
        </Fact>
        <Fact name={t('header.volume', { asset: realOf(market.quote) })} className="hidden lg:grid">
          {formatCompact(ticker?.quote_volume_24h)}
        </Fact>
      </dl>
      <StatsSource ticker={ticker} />
      {market.status !== 'open' && <Badge tone="warn">{t(`status.${market.status}`)}</Badge>}
    </div>
  );
}

/** The same on a phone: the price large, the range beside it. */
export function MarketStripCompact({ market, picker }: MarketStripProps) {
  const { t } = useTranslation('trade');
  const { ticker, last, change, own, reference } = useMarketFigures(market);
  const price = (value: string | null | undefined) =>
    formatDecimal(value, { decimals: market.price_decimals });
  const facts = [
    ...(own ? [[t('header.reference'), price(reference)] as const] : []),
    [t('header.high'), price(ticker?.high_24h)],
    [t('header.low'), price(ticker?.low_24h)],
    [t('header.volume', { asset: realOf(market.quote) }), formatCompact(ticker?.quote_volume_24h)],
  ] as const;
  return (
    <div className="grid gap-2 px-2 pt-2 pb-3">
      <div className="flex flex-wrap items-center justify-between gap-y-1">{picker}</div>
      <div className="flex items-end justify-between gap-4 px-2">
        <div className="grid gap-0.5" data-testid="last-price">
          <span className="text-12 text-quiet">{t(own ? 'header.last' : 'header.reference')}</span>
          <NumberCell text={price(last)} className="text-28 leading-none font-semibold text-strong" />
          <Change percent={change} className="justify-start text-14" />
          <StatsSource ticker={ticker} />
        </div>
        <dl className="grid gap-0.5 text-12">
          {facts.map(([name, value]) => (
            <div key={name} className="flex justify-between gap-3">
              <dt className="text-quiet">{name}</dt>
              <dd className="num text-strong">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      {market.status !== 'open' && (
        <Badge tone="warn" className="mx-2 w-fit">
          {t(`status.${market.status}`)}
        </Badge>
      )}
    </div>
  );
}
