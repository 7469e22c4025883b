import type { BookLevel } from '@/api/types';
import { add, compare, div, min, mul, sub } from '@/lib/decimal';

/** The ledger keeps at most eight decimals of any asset. */
export const LEDGER_DECIMALS = 8;

export interface Fill {
  qty: string;
  notional: string;
  complete: boolean;
}

/** How much to take from the book: an amount of base, or an amount of quote. */
type Want = { qty: string } | { total: string };

function remaining(want: Want, fill: Fill, price: string): string {
  return 'qty' in want
    ? sub(want.qty, fill.qty)
    : div(sub(want.total, fill.notional), price, LEDGER_DECIMALS);
}

/** Walk one side of the book, best first, while `accept` agrees to the price: what a taker would get right now. */
export function estimateFill(
  levels: readonly BookLevel[],
  want: Want,
  accept: (price: string) => boolean = () => true,
): Fill {
  const fill: Fill = { qty: '0', notional: '0', complete: false };
  for (const [price, levelQty] of levels) {
    const wanted = remaining(want, fill, price);
    if (compare(wanted, '0') <= 0 || !accept(price)) break;
    const taken = min(wanted, levelQty);
    fill.qty = add(fill.qty, taken);
    fill.notional = add(fill.notional, mul(price, taken));
    if (compare(wanted, levelQty) <= 0) return { ...fill, complete: true };
  }
  return fill;
}
