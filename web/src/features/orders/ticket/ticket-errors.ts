import { compare, isZero, toStep } from '@/lib/decimal';
import { formatDecimal, parseInput } from '@/lib/format';
import { formatBalance } from '../balance';
import { toMoment } from './ticket-request';
import { canHide, canRest, orderType, SHAPES, waitsForRise } from './ticket-shapes';
import { parseOrZero, workingPrice } from './ticket-sizes';
import type { PriceField, TicketContext, TicketProblem, TicketState, TicketSummary } from './types';

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

/** Whether it can be placed before the market opens: what would have to trade at once cannot. */
function canWait(state: TicketState): boolean {
  const passing = canRest(state) && (state.timeInForce === 'IOC' || state.timeInForce === 'FOK');
  return orderType(state) !== 'market' && !passing;
}

function checkMarketOpen(
  state: TicketState,
  { market, priceStale, book }: TicketContext,
): TicketProblem | null {
  const values = { market: market.symbol };
  if (market.status === 'halted') return problem('form', 'halted', values);
  if (market.status === 'cancel_only') return problem('form', 'cancelOnly', values);
  if (market.status === 'pre_open' && !canWait(state)) return problem('form', 'preOpen', values);
  if (!market.order_types.includes(orderType(state))) return problem('form', 'typeClosed', values);
  if (market.status === 'post_only' && !(canRest(state) && state.postOnly))
    return problem('options', 'postOnlyMarket', values);
  if (orderType(state) !== 'market') return null;
  if (priceStale) return problem('form', 'priceStale');
  const levels = state.side === 'buy' ? book.asks : book.bids;
  return levels.length === 0 ? problem('form', 'bookEmpty') : null;
}

const MISSING: Record<PriceField, TicketProblem['code']> = {
  price: 'enterPrice',
  trigger: 'enterTrigger',
  target: 'enterTarget',
  limitAfter: 'enterPrice',
  activation: 'enterPrice',
};

function checkPrice(field: PriceField, text: string, { market }: TicketContext): TicketProblem | null {
  if (text.trim() === '') return problem(field, MISSING[field]);
  const price = parseInput(text);
  if (!isAbove(price, '0')) return problem(field, 'priceNotNumber');
  const onTick = isMultiple(price ?? '0', market.tick_size);
  return onTick ? null : problem(field, 'priceStep', { step: market.tick_size, asset: market.quote });
}

function checkPrices(state: TicketState, context: TicketContext): TicketProblem | null {
  const { prices, optional } = SHAPES[state.type];
  for (const field of prices) {
    if (optional.includes(field) && state[field].trim() === '') continue;
    const found = checkPrice(field, state[field], context);
    if (found !== null) return found;
  }
  return null;
}

function checkTrail({ type, trail: { unit, text } }: TicketState): TicketProblem | null {
  if (!SHAPES[type].trail) return null;
  const trail = parseInput(text);
  if (!isAbove(trail, '0')) return problem('trail', 'enterTrail');
  return unit === 'percent' && !isAbove('100', trail ?? '100') ? problem('trail', 'trailTooWide') : null;
}

/** A trigger the price has passed already would fire at once; the exchange refuses it. */
function checkTrigger(state: TicketState, { marks, market }: TicketContext): TicketProblem | null {
  const mark = marks[state.triggerBy];
  if (!SHAPES[state.type].prices.includes('trigger') || mark === null) return null;
  const trigger = parseInput(state.trigger) ?? '0';
  const rise = waitsForRise(state);
  const reached = rise ? !isAbove(trigger, mark) : !isAbove(mark, trigger);
  const amount = formatDecimal(mark, { decimals: market.price_decimals });
  const values = { amount, asset: market.quote };
  return reached ? problem('trigger', rise ? 'triggerReachedAbove' : 'triggerReachedBelow', values) : null;
}

/** The exits of a bracket enclose its entry: profit on one side, loss on the other. */
function checkExits(state: TicketState, context: TicketContext): TicketProblem | null {
  if (state.type !== 'bracket') return null;
  const entry = workingPrice(state, context);
  const [target, stop] = [parseOrZero(state.target), parseOrZero(state.trigger)];
  const buys = state.side === 'buy';
  if (buys ? !isAbove(target, entry) : !isAbove(entry, target)) return problem('target', 'targetWrongSide');
  return (buys ? isAbove(entry, stop) : isAbove(stop, entry)) ? null : problem('trigger', 'stopWrongSide');
}

function checkOptions(
  state: TicketState,
  { now }: TicketContext,
  { qty }: TicketSummary,
): TicketProblem | null {
  if (state.timeInForce === 'GTD') {
    const moment = toMoment(state.expires);
    if (moment === null) return problem('options', 'enterDate');
    if (Date.parse(moment) <= now) return problem('options', 'datePassed');
  }
  if (!canHide(state) || state.visible.trim() === '') return null;
  const visible = parseInput(state.visible);
  const fits = isAbove(visible, '0') && !isAbove(visible, qty ?? '0');
  return fits ? null : problem('options', 'visibleTooLarge');
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
  { side, reduce }: TicketState,
  { market, available }: TicketContext,
  summary: TicketSummary,
): TicketProblem | null {
  if (available === null) return problem('form', 'loadingBalance');
  const [asset, needed, free] =
    side === 'sell'
      ? [market.base, summary.qty, available.base]
      : [market.quote, summary.total, available.quote];
  if (!isAbove(needed, free) || (reduce && !isZero(free))) return null;
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
  checkPrices,
  checkTrail,
  checkTrigger,
  checkExits,
  checkAmount,
  checkNotional,
  checkOptions,
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
