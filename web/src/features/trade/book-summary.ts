import type { BookLevel } from '@/api/types';
import { add, div, mul, sub, sum } from '@/lib/decimal';

/** What an ear needs of a book: its best prices, how far they are apart, and what stands near them. */
export interface BookSummary {
  bid: string;
  bidQty: string;
  ask: string;
  askQty: string;
  spread: string;
  /** Of the mid price, three decimals. */
  spreadPercent: string;
  levels: number;
  bidTotal: string;
  askTotal: string;
}

const NEAR = 10;

const total = (levels: readonly BookLevel[]) => sum(levels.slice(0, NEAR).map(([, qty]) => qty));

/** Null where a side is empty: then there is no spread to tell. Pure. */
export function summariseBook({
  bids,
  asks,
}: {
  bids: readonly BookLevel[];
  asks: readonly BookLevel[];
}): BookSummary | null {
  const [bid, ask] = [bids[0], asks[0]];
  if (bid === undefined || ask === undefined) return null;
  const spread = sub(ask[0], bid[0]);
  const mid = mul(add(ask[0], bid[0]), '0.5');
  return {
    bid: bid[0],
    bidQty: bid[1],
    ask: ask[0],
    askQty: ask[1],
    spread,
    spreadPercent: div(mul(spread, '100'), mid, 3, 'half'),
    levels: Math.min(NEAR, Math.max(bids.length, asks.length)),
    bidTotal: total(bids),
    askTotal: total(asks),
  };
}
