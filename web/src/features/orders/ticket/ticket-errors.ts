import type { TicketContext, TicketProblem, TicketState, TicketSummary } from './types';
import { compare, isZero, toStep } from '@/lib/decimal';
import { formatDecimal, parseInput } from '@/lib/format';
import { formatBalance } from '../balance';

type Check = (state: TicketState, context: TicketContext, summary: TicketSummary) => TicketProblem | null;
type Field = TicketProblem['field'];
type Values = TicketProblem['values'];

function problem(field: Field, code: TicketProblem['code'], values: Values = {}): TicketProblem {
  return {
    field,
    code,
    kind: code.startsWith('enter') || code === 'loadingBalance' ? 'missing' : 'invalid',
    values,
  };
}

function isMultiple(value: string, step: string): boolean {
  return compare(toStep(value, step), value) === 0;
}

function isAbove(value: string | null, bound: string): boolean {
  return value !== null && compare(value, bound) > 0;
}

function checkMarketOpen(
  state: TicketState,
  { market, priceStale, book }: TicketContext,
): TicketProblem | null {
  const values = { market: market.symbol };
  if (market.status === 'halted') return problem('form', 'halted', values);
  if (market.status === 'cancel_only') return problem('form', 'cancelOnly', values);
  if (market.status === 'post_only' && !state.postOnly) return problem('options', 'postOnlyMarket', values);
  if (state.type === 'limit') return null;
  if (priceStale) return problem('form', 'priceStale');
  const levels = state.side === 'buy' ? book.asks : book.bids;
  return levels.length === 0 ? problem('form', 'bookEmpty') : null;
}

function checkPrice(state: TicketState, { market }: TicketContext): TicketProblem | null {
  if (state.type === 'market') return null;
  if (state.price.trim() === '') return problem('price', 'enterPrice');
  const price = parseInput(state.price);
  if (!isAbove(price, '0')) return problem('price', 'priceNotNumber');
  const onTick = isMultiple(price ?? '0', market.tick_size);
  return onTick ? null : problem('price', 'priceStep', { step: market.tick_size, asset: market.quote });
}

function checkAmount(
  { entered }: TicketState,
  { market }: TicketContext,
  { qty }: TicketSummary,
): TicketProblem | null {
  if (entered.text.trim() === '') return problem('amount', 'enterAmount');
  if (!isAbove(parseInput(entered.text), '0')) return problem(entered.field, 'amountNotNumber');
  if (qty === null || !isMultiple(qty, market.lot_size))
    return problem(entered.field, 'amountStep', { step: market.lot_size, asset: market.base });
  return isAbove(qty, market.max_qty)
    ? problem(entered.field, 'amountTooLarge', { amount: formatDecimal(market.max_qty), asset: market.base })
    : null;
}

function checkNotional(
  { entered }: TicketState,
  { market }: TicketContext,
  { total }: TicketSummary,
): TicketProblem | null {
  if (total !== null && compare(total, market.min_notional) >= 0) return null;
  const values = { amount: formatDecimal(market.min_notional), asset: market.quote };
  return problem(entered.field, 'minNotional', values);
}

function checkFunds(
  { side }: TicketState,
  { market, available }: TicketContext,
  summary: TicketSummary,
): TicketProblem | null {
  if (available === null) return problem('form', 'loadingBalance');
  const [asset, needed, free] =
    side === 'sell'
      ? [market.base, summary.qty, available.base]
      : [market.quote, summary.total, available.quote];
  if (!isAbove(needed, free)) return null;
  return isZero(free)
    ? problem('amount', 'noFunds', { asset })
    : problem('amount', 'insufficientFunds', { amount: formatBalance(free, asset, market), asset });
}

function checkBook(
  { postOnly, entered }: TicketState,
  { market }: TicketContext,
  summary: TicketSummary,
): TicketProblem | null {
  if (postOnly && summary.crosses) return problem('options', 'postOnlyWouldTrade');
  return summary.exceedsBook ? problem(entered.field, 'bookTooThin', { asset: market.base }) : null;
}

const CHECKS: readonly Check[] = [
  checkMarketOpen,
  checkPrice,
  checkAmount,
  checkNotional,
  checkFunds,
  checkBook,
];

/** Why the order cannot be sent, the first thing to fix only; null when it can be sent. Pure. */
export function getTicketError(
  state: TicketState,
  context: TicketContext,
  summary: TicketSummary,
): TicketProblem | null {
  for (const check of CHECKS) {
    const found = check(state, context, summary);
    if (found !== null) return found;
  }
  return null;
}
