import type { TicketContext, TicketState } from './types';
import { div, mul, toFixed, toStep } from '@/lib/decimal';

export const PERCENTS = [25, 50, 75, 100] as const;

/** Quotes that are money people count in cents. */
const CENT_QUOTES = new Set(['USDT', 'USD', 'USDC', 'EUR']);

/**
 * What a percent-of-balance button types into the form: a sale is a share of the coins, a buy a share of the
 * money. Always rounded down, so that 100 % never asks for more than there is.
 */
export function calculatePercentEntry(
  { side }: TicketState,
  { market, available }: TicketContext,
  percent: number,
): { field: 'amount' | 'total'; text: string } {
  const share = (amount: string) => div(mul(amount, percent.toString()), '100', 8);
  if (side === 'sell')
    return { field: 'amount', text: toStep(share(available?.base ?? '0'), market.lot_size) };
  const money = share(available?.quote ?? '0');
  return { field: 'total', text: CENT_QUOTES.has(market.quote) ? toFixed(money, 2) : money };
}

/** One price step up or down, never below one tick; an empty price starts at `start`. */
export function stepPrice(price: string | null, start: string, tickSize: string, steps: number): string {
  const from = BigInt(div(price ?? start, tickSize, 0));
  const ticks = price === null ? from : from + BigInt(steps);
  return mul((ticks > 0n ? ticks : 1n).toString(), tickSize);
}
