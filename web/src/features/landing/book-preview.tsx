import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { marketsQuery } from '@/api/markets';
import type { BookLevel, Market } from '@/api/types';
import { cn } from '@/lib/cn';
import { add, toChartNumber } from '@/lib/decimal';
import { formatDecimal } from '@/lib/format';
import { paths } from '@/lib/paths';
import { useBook, usePrice } from '@/stream/use-live';
import { Card } from '@/ui/card';
import { Change } from '@/ui/change';
import { NumberCell } from '@/ui/number-cell';
import { Skeleton } from '@/ui/skeleton';

const PAIR = 'BTC-USDT';
const LEVELS = 6;

interface Row {
  price: string;
  qty: string;
  depth: number;
}

/** Levels with their running share of the deepest side, best first. */
function withDepth(levels: readonly BookLevel[], deepest: number): Row[] {
  let running = '0';
  return levels.map(([price, qty]) => {
    running = add(running, qty);
    return { price, qty, depth: deepest === 0 ? 0 : toChartNumber(running) / deepest };
  });
}

const total = (levels: readonly BookLevel[]) =>
  toChartNumber(levels.reduce((sum, [, qty]) => add(sum, qty), '0'));

function Level({
  row,
  side,
  market,
}: {
  row: Row | undefined;
  side: 'buy' | 'sell';
  market: Market | undefined;
}) {
  if (row === undefined) return <li className="h-6.5" aria-hidden />;
  return (
    <li className="relative flex h-6.5 items-center justify-between px-4 text-13">
      <span
        aria-hidden
        className={cn('absolute inset-y-px right-0', side === 'buy' ? 'bg-buy/12' : 'bg-sell/12')}
        style={{ width: `${row.depth * 100}%` }}
      />
      <span className={cn('relative font-mono num', side === 'buy' ? 'text-buy' : 'text-sell')}>
        {formatDecimal(row.price, { decimals: market?.price_decimals ?? 2 })}
      </span>
      <span className="relative font-mono num text-normal">
        {formatDecimal(row.qty, { decimals: market?.qty_decimals ?? 5 })}
      </span>
    </li>
  );
}

/** The real book of the first market, as it is at this moment: the product shown by itself. */
export function BookPreview() {
  const { t } = useTranslation(['landing', 'common']);
  const { data: markets } = useQuery(marketsQuery);
  const market = markets?.find((known) => known.symbol === PAIR);
  const book = useBook(PAIR);
  const live = usePrice(PAIR);
  const asks = book?.asks.slice(0, LEVELS) ?? [];
  const bids = book?.bids.slice(0, LEVELS) ?? [];
  const deepest = Math.max(total(asks), total(bids));
  const slots = Array.from({ length: LEVELS }, (_, index) => index);
  const [askRows, bidRows] = [withDepth(asks, deepest), withDepth(bids, deepest)];
  return (
    <Card className="overflow-hidden" aria-label={t('bookLabel')}>
      <div className="flex items-center justify-between border-b border-line px-4 py-3">
        <Link to={paths.trade(PAIR)} className="font-semibold text-strong hover:text-brand">
          {PAIR}
        </Link>
        <Change percent={live?.change_24h ?? market?.ticker?.reference.change_24h} className="text-13" />
      </div>
      <div className="flex justify-between px-4 pt-2 pb-1 text-12 text-quiet">
        <span>{t('bookPrice')}</span>
        <span>{t('bookAmount')}</span>
      </div>
      {book === undefined ? (
        <div className="grid h-90 content-between px-4 py-2" aria-hidden>
          {[...slots, ...slots, 0].map((_, index) => (
            <Skeleton key={index} className="h-5" />
          ))}
        </div>
      ) : (
        <>
          <ol>
            {slots.map((index) => (
              <Level key={index} row={askRows[LEVELS - 1 - index]} side="sell" market={market} />
            ))}
          </ol>
          <p className="flex items-baseline justify-between border-y border-line px-4 py-2">
            <NumberCell
              className="font-mono text-16 font-semibold text-strong"
              text={formatDecimal(live?.last ?? market?.ticker?.reference.last, {
                decimals: market?.price_decimals ?? 2,
              })}
            />
            <span className="text-12 text-quiet">{t('bookLast')}</span>
          </p>
          <ol className="pb-2">
            {slots.map((index) => (
              <Level key={index} row={bidRows[index]} side="buy" market={market} />
            ))}
          </ol>
        </>
      )}
    </Card>
  );
}
