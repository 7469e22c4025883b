import type { BookLevel } from '@/api/types';
import { add, div, isZero, max, mul, sub, sum, toChartNumber, toStep } from '@/lib/decimal';

type BookSide = 'bid' | 'ask';

/** One drawn row. `depth` is the cumulative quantity as a share of the deepest drawn row (0..1), for pixels only. */
export interface BookRow {
  price: string;
  qty: string;
  cumulative: string;
  depth: number;
  own: boolean;
}

export interface BookView {
  bids: BookRow[];
  asks: BookRow[];
  mid: string | null;
  spread: string | null;
  /** Spread as a percentage of the mid price, three decimals. */
  spreadPercent: string | null;
}

export interface BookViewOptions {
  tickSize: string;
  /** Width of a drawn level in ticks: 1 shows the book as it is. */
  grouping: number;
  rows: number;
  ownPrices?: ReadonlySet<string>;
}

export const GROUPINGS = [1, 5, 10, 50, 100] as const;

type Group = Omit<BookRow, 'cumulative' | 'depth'>;

function groupLevels(levels: readonly BookLevel[], side: BookSide, options: BookViewOptions): Group[] {
  const width = mul(options.tickSize, options.grouping.toString());
  const groups: Group[] = [];
  for (const [levelPrice, qty] of levels) {
    // Bids round down and asks up, so a grouped book never looks better than it is.
    const price = toStep(levelPrice, width, side === 'bid' ? 'down' : 'up');
    const own = options.ownPrices?.has(levelPrice) ?? false;
    const last = groups.at(-1);
    if (last?.price === price) {
      last.qty = add(last.qty, qty);
      last.own ||= own;
    } else if (groups.length === options.rows) {
      break;
    } else {
      groups.push({ price, qty, own });
    }
  }
  return groups;
}

function toRows(groups: readonly Group[], deepest: string): BookRow[] {
  let cumulative = '0';
  return groups.map((group) => {
    cumulative = add(cumulative, group.qty);
    const depth = isZero(deepest) ? 0 : toChartNumber(div(cumulative, deepest, 4));
    return { ...group, cumulative, depth };
  });
}

function calculateSpread(bid: BookLevel | undefined, ask: BookLevel | undefined) {
  if (bid === undefined || ask === undefined) return { mid: null, spread: null, spreadPercent: null };
  const spread = sub(ask[0], bid[0]);
  const mid = mul(add(ask[0], bid[0]), '0.5');
  return { mid, spread, spreadPercent: div(mul(spread, '100'), mid, 3, 'half') };
}

/** Turn the raw book into what is drawn: grouped, cumulated, own orders marked, best first on both sides. */
export function calculateBookView(
  book: { bids: readonly BookLevel[]; asks: readonly BookLevel[] },
  options: BookViewOptions,
): BookView {
  const bids = groupLevels(book.bids, 'bid', options);
  const asks = groupLevels(book.asks, 'ask', options);
  const deepest = max(sum(bids.map((row) => row.qty)), sum(asks.map((row) => row.qty)));
  return {
    bids: toRows(bids, deepest),
    asks: toRows(asks, deepest),
    ...calculateSpread(book.bids[0], book.asks[0]),
  };
}
