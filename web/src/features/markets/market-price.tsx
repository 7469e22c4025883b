import type { Market } from '@/api/types';
import { formatDecimal } from '@/lib/format';
import { usePrice } from '@/stream/use-live';
import { Change } from '@/ui/change';
import { NumberCell } from '@/ui/number-cell';

/** The price of the outside world, live, with the digits that changed tinted. */
export function MarketPrice({ market, className }: { market: Market; className?: string }) {
  const live = usePrice(market.symbol);
  const last = live?.last ?? market.ticker?.reference.last;
  return (
    <NumberCell className={className ?? ''} text={formatDecimal(last, { decimals: market.price_decimals })} />
  );
}

/** How far that price has gone in 24 hours. */
export function MarketChange({ market, className }: { market: Market; className?: string }) {
  const live = usePrice(market.symbol);
  return (
    <Change className={className ?? ''} percent={live?.change_24h ?? market.ticker?.reference.change_24h} />
  );
}
