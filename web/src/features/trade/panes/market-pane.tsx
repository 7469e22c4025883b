import { ArrowLeftRight, X } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market } from '@/api/types';
import { formatDecimal } from '@/lib/format';
import { useIdle } from '@/lib/use-idle';
import { AssetIcon } from '@/ui/asset-icon';
import { Change } from '@/ui/change';
import { NumberCell } from '@/ui/number-cell';
import { Skeleton } from '@/ui/skeleton';
import { useInterval } from '../interval-store';
import { useMarketFigures } from '../market-strip';

const CandleChart = lazy(() => import('../candle-chart'));
const NO_LINES: readonly never[] = [];

const ICON_BUTTON =
  'grid size-7 touch-target shrink-0 place-items-center rounded-control text-quiet hover:bg-raised hover:text-strong [&_svg]:size-3.5';

interface MarketPaneProps {
  market: Market;
  onTrade: (pair: string) => void;
  onRemove: (pair: string) => void;
}

function PaneHead({ market, onTrade, onRemove }: MarketPaneProps) {
  const { t } = useTranslation('trade');
  const { ticker, last, change } = useMarketFigures(market);
  const price = (value: string | null | undefined) =>
    formatDecimal(value, { decimals: market.price_decimals });
  return (
    <div className="flex h-10 shrink-0 items-center gap-2 border-b border-line pr-1 pl-3">
      <AssetIcon symbol={market.base} size="sm" />
      <h2 className="text-13 font-medium whitespace-nowrap">
        {market.base}
        <span className="font-normal text-quiet">/{market.quote}</span>
      </h2>
      <NumberCell text={price(last)} className="text-13 font-semibold text-strong" />
      <Change percent={change} className="text-12" />
      <dl className="ml-auto hidden gap-2 num text-12 @sm:flex">
        <dt className="sr-only">{t('book.bid')}</dt>
        <dd className="text-buy">{price(ticker?.bid)}</dd>
        <dt className="sr-only">{t('book.ask')}</dt>
        <dd className="text-sell">{price(ticker?.ask)}</dd>
      </dl>
      <span className="ml-auto flex @sm:ml-0">
        <button
          type="button"
          aria-label={t('panes.trade', { pair: market.symbol })}
          title={t('panes.trade', { pair: market.symbol })}
          onClick={() => onTrade(market.symbol)}
          className={ICON_BUTTON}
        >
          <ArrowLeftRight aria-hidden />
        </button>
        <button
          type="button"
          aria-label={t('panes.remove', { pair: market.symbol })}
          title={t('panes.remove', { pair: market.symbol })}
          onClick={() => onRemove(market.symbol)}
          className={ICON_BUTTON}
        >
          <X aria-hidden />
        </button>
      </span>
    </div>
  );
}

/** Another market beside the one being traded: its price, its best bid and ask, and its candles. */
export function MarketPane(props: MarketPaneProps) {
  const { market } = props;
  const { t } = useTranslation('trade');
  const interval = useInterval((store) => store.interval);
  const idle = useIdle();
  const pending = <Skeleton className="m-3 h-[calc(100%-1.5rem)]" />;
  return (
    <section
      aria-label={t('panes.pane', { pair: market.symbol })}
      data-testid={`pane-${market.symbol}`}
      className="@container flex min-h-0 min-w-0 flex-1 flex-col overflow-hidden rounded-panel border border-line bg-panel"
    >
      <PaneHead {...props} />
      <div className="min-h-0 flex-1 pt-1">
        <Suspense fallback={pending}>
          {idle ? (
            <CandleChart
              key={`${market.symbol} ${interval}`}
              {...{ market, interval }}
              orderLines={NO_LINES}
              plain
            />
          ) : (
            pending
          )}
        </Suspense>
      </div>
    </section>
  );
}
