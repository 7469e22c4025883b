import type { Market } from '@/api/types';
import { compare, sign } from '@/lib/decimal';

export interface Movers {
  gainers: Market[];
  losers: Market[];
}

const changeOf = ({ ticker }: Market): string => ticker?.reference.change_24h ?? '0';

/** One market for each coin, the first in the list winning, so that a coin does not move twice. */
function oncePerCoin(markets: readonly Market[]): Market[] {
  const seen = new Set<string>();
  return markets.filter(({ base }) => !seen.has(base) && seen.add(base));
}

/** The markets that rose and fell most in 24 hours, the largest move first; a market that stood still is neither. Pure. */
export function pickMovers(markets: readonly Market[], quote: string, count: number): Movers {
  const own = markets.filter((market) => market.quote === quote);
  const byChange = oncePerCoin(own.length > 0 ? own : markets).sort(
    (a, b) => compare(changeOf(b), changeOf(a)) || a.symbol.localeCompare(b.symbol),
  );
  const moved = (direction: 1 | -1) => byChange.filter((market) => sign(changeOf(market)) === direction);
  return { gainers: moved(1).slice(0, count), losers: moved(-1).reverse().slice(0, count) };
}
