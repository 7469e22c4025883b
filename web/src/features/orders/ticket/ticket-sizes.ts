import { compare, div, isZero, max, mul, toStep } from '@/lib/decimal';
import { parseInput } from '@/lib/format';
import { estimateFill, LEDGER_DECIMALS, type Fill } from './estimate-fill';
import { SHAPES } from './ticket-shapes';
import type { TicketContext, TicketState } from './types';

/** What the order amounts to; "0" while unknown. */
export interface Sizes {
  price: string;
  qty: string;
  total: string;
  fill: Fill;
}

const NO_FILL: Fill = { qty: '0', notional: '0', complete: false };

export function parseOrZero(text: string): string {
  const value = parseInput(text);
  return value === null || compare(value, '0') < 0 ? '0' : value;
}

export function getOpposite(state: TicketState, { book }: TicketContext) {
  return state.side === 'buy' ? book.asks : book.bids;
}

/**
 * The price an order is reckoned at while it is not known at what it will trade: its limit, else what fires it, else
 * the price now. A buying OCO may end at either price, so the dearer one counts.
 */
export function workingPrice(state: TicketState, context: TicketContext): string {
  const [price, after] = [parseOrZero(state.price), parseOrZero(state.limitAfter)];
  const fired = isZero(after) ? parseOrZero(state.trigger) : after;
  const now = getOpposite(state, context)[0]?.[0] ?? context.marks.reference ?? '0';
  switch (state.type) {
    case 'stop':
      return parseOrZero(state.trigger);
    case 'take_profit':
      return fired;
    case 'trailing':
      return state.activation.trim() === '' ? now : parseOrZero(state.activation);
    case 'oco':
      return state.side === 'buy' ? max(price, fired) : price;
    case 'bracket':
      return state.price.trim() === '' ? now : price;
    default:
      return price;
  }
}

function sizeMarketOrder(state: TicketState, context: TicketContext): Sizes {
  const entered = parseOrZero(state.entered.text);
  const byTotal = state.entered.field === 'total';
  const fill = estimateFill(getOpposite(state, context), byTotal ? { total: entered } : { qty: entered });
  const qty = byTotal ? toStep(fill.qty, context.market.lot_size) : entered;
  return { price: '0', qty, total: byTotal ? entered : fill.notional, fill };
}

function sizePricedOrder(state: TicketState, context: TicketContext): Sizes {
  const price = workingPrice(state, context);
  const entered = parseOrZero(state.entered.text);
  const fromTotal = isZero(price)
    ? '0'
    : toStep(div(entered, price, LEDGER_DECIMALS), context.market.lot_size);
  const qty = state.entered.field === 'amount' ? entered : fromTotal;
  const accept = (level: string) => compare(level, price) !== (state.side === 'buy' ? 1 : -1);
  // What first waits for a price takes nothing from the book as it is now.
  const waits = SHAPES[state.type].fires && state.type !== 'bracket';
  const fill = waits ? NO_FILL : estimateFill(getOpposite(state, context), { qty }, accept);
  return { price, qty, total: mul(price, qty), fill };
}

/** Amount, total, and what would trade at once. Pure. */
export function calculateSizes(state: TicketState, context: TicketContext): Sizes {
  return state.type === 'market' ? sizeMarketOrder(state, context) : sizePricedOrder(state, context);
}
