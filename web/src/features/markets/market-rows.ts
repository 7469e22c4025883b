import type { Coin, Market, Ticker } from '@/api/types';
import { compare } from '@/lib/decimal';

/** Each column has one source: `own` is what was traded here, the other figures are those of the price sources. */
export type SortKey = 'pair' | 'last' | 'change' | 'volume' | 'own';

export interface Sort {
  key: SortKey;
  descending: boolean;
}

export interface MarketFilter {
  query: string;
  /** Quote asset, or empty for all. */
  quote: string;
  /** Only these symbols, or null for all. */
  only: ReadonlySet<string> | null;
}

/** The first click on a column sorts it the way one mostly wants; the next one turns it round. */
export function nextSort(current: Sort, key: SortKey): Sort {
  if (current.key === key) return { key, descending: !current.descending };
  return { key, descending: key !== 'pair' };
}

/** How well a market answers a search: 0 not at all, higher is better. */
function rank({ base, symbol, base_name: name }: Market, query: string): number {
  const asked = query.toLowerCase().replace(/[\s/_]+/g, '-');
  if (asked === '' || base.toLowerCase() === asked) return 4;
  if (base.toLowerCase().startsWith(asked)) return 3;
  if (name.toLowerCase().replace(/\s+/g, '-').startsWith(asked)) return 2;
  return symbol.toLowerCase().includes(asked) || name.toLowerCase().includes(query.toLowerCase().trim())
    ? 1
    : 0;
}

/** The market's own last 24 hours; null where nothing was traded here. */
export function ownFigures({ ticker }: Market): Ticker | null {
  return ticker?.stats_source === 'trades' ? ticker : null;
}

const FIELDS = { last: 'last', change: 'change_24h', volume: 'quote_volume_24h' } as const;

function figure(market: Market, key: Exclude<SortKey, 'pair'>): string | null {
  if (key === 'own') return ownFigures(market)?.quote_volume_24h ?? null;
  return market.ticker?.reference[FIELDS[key]] ?? null;
}

/** Of two markets of one coin, USDT stands before USD. */
function compareNames(a: Market, b: Market): number {
  return a.base.localeCompare(b.base) || b.quote.localeCompare(a.quote);
}

/** Markets without a figure come last in either direction. */
function compareMarkets(a: Market, b: Market, { key, descending }: Sort): number {
  const turn = descending ? -1 : 1;
  if (key === 'pair') return turn * compareNames(a, b);
  const [x, y] = [figure(a, key), figure(b, key)];
  if (x === null || y === null) return Number(x === null) - Number(y === null);
  return turn * compare(x, y) || compareNames(a, b);
}

/** The markets to show, in order. Pure. */
export function selectMarkets(markets: readonly Market[], filter: MarketFilter, sort: Sort): Market[] {
  const query = filter.query.trim();
  return markets
    .filter((market) => filter.quote === '' || market.quote === filter.quote)
    .filter((market) => filter.only === null || filter.only.has(market.symbol))
    .map((market) => ({ market, rank: rank(market, query) }))
    .filter((found) => found.rank > 0)
    .sort((a, b) => b.rank - a.rank || compareMarkets(a.market, b.market, sort))
    .map((found) => found.market);
}

/** The course of each coin by symbol, for the sparkline of all its markets. */
export function indexSparklines(coins: readonly Coin[]): Record<string, string[]> {
  return Object.fromEntries(coins.map((coin) => [coin.symbol, coin.sparkline]));
}

/** Quote assets, the one with the most markets first. */
export function listQuotes(markets: readonly Market[]): string[] {
  const counts = new Map<string, number>();
  for (const { quote } of markets) counts.set(quote, (counts.get(quote) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([quote]) => quote);
}
