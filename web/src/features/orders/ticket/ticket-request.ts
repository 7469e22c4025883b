import type { BracketCreate, OcoCreate, OrderCreate, Placing } from '@/api/types';
import { add, isZero } from '@/lib/decimal';
import { parseInput } from '@/lib/format';
import { canHide, orderType, SHAPES } from './ticket-shapes';
import { parseOrZero, type Sizes } from './ticket-sizes';
import type { TicketState } from './types';

/** "2026-11-21T18:00" in the reader's zone as the exchange wants it; null where it is no date. */
export function toMoment(local: string): string | null {
  const at = local === '' ? NaN : new Date(local).getTime();
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

const price = (text: string): string => add(parseOrZero(text), '0');

/** What every order may have beyond its type, each only where it says something. */
function options(state: TicketState) {
  const dated = state.timeInForce === 'GTD' ? toMoment(state.expires) : null;
  return {
    ...(dated !== null && { expires_at: dated }),
    ...(state.selfTrade !== 'cancel_newest' && { self_trade_prevention: state.selfTrade }),
  };
}

function trail({ trail: { unit, text }, activation }: TicketState) {
  return {
    ...(unit === 'percent' ? { trail_percent: price(text) } : { trail_amount: price(text) }),
    ...(activation.trim() !== '' && { activation_price: price(activation) }),
  };
}

/** The prices a single order has, by the name the exchange knows its type. */
function prices(state: TicketState): Partial<OrderCreate> {
  const source = { trigger_by: state.triggerBy };
  switch (orderType(state)) {
    case 'market':
      return {};
    case 'limit':
      return { price: price(state.price) };
    case 'stop_limit':
      return { price: price(state.price), trigger_price: price(state.trigger), ...source };
    case 'take_profit_limit':
      return { price: price(state.limitAfter), trigger_price: price(state.trigger), ...source };
    case 'trailing_stop':
      return { ...trail(state), ...source };
    default:
      return { trigger_price: price(state.trigger), ...source };
  }
}

function buildOrder(state: TicketState, market: string, sizes: Sizes): OrderCreate {
  const type = orderType(state);
  // Only a market buy may be sized by its total; a sale is always an amount.
  const byTotal = type === 'market' && state.side === 'buy' && state.entered.field === 'total';
  return {
    market,
    side: state.side,
    type,
    time_in_force: type === 'market' ? 'IOC' : state.timeInForce,
    ...prices(state),
    ...(byTotal ? { total: sizes.total } : { qty: sizes.qty }),
    ...(type === 'limit' && { post_only: state.postOnly }),
    ...(canHide(state) && state.visible.trim() !== '' && { visible_qty: price(state.visible) }),
    ...(state.reduce && !byTotal && { reduce_to_available: true }),
    ...options(state),
  };
}

function stopLoss(state: TicketState): OcoCreate['stop_loss'] {
  const fired = { trigger_price: price(state.trigger), trigger_by: state.triggerBy };
  return state.limitAfter.trim() === ''
    ? { type: 'stop', ...fired }
    : { type: 'stop_limit', price: price(state.limitAfter), ...fired };
}

function buildOco(state: TicketState, market: string, { qty }: Sizes): OcoCreate {
  return {
    market,
    side: state.side,
    qty,
    take_profit: { type: 'limit', price: price(state.price) },
    stop_loss: stopLoss(state),
    ...options(state),
  };
}

function buildBracket(state: TicketState, market: string, { qty }: Sizes): BracketCreate {
  const atMarket = orderType(state) === 'market';
  return {
    market,
    side: state.side,
    qty,
    entry: atMarket ? { type: 'market' } : { type: 'limit', price: price(state.price) },
    take_profit: { type: 'limit', price: price(state.target) },
    stop_loss: stopLoss(state),
    ...(!atMarket && { time_in_force: state.timeInForce, post_only: state.postOnly }),
    ...options(state),
  };
}

function isComplete(state: TicketState, { qty }: Sizes): boolean {
  const { prices: fields, optional, trail: trails } = SHAPES[state.type];
  const known = fields.every((field) => optional.includes(field) || !isZero(parseOrZero(state[field])));
  const trailKnown = !trails || parseInput(state.trail.text) !== null;
  const dateKnown = state.timeInForce !== 'GTD' || toMoment(state.expires) !== null;
  return !isZero(qty) && known && trailKnown && dateKnown;
}

/** What pressing the button sends, without its idempotency key; null while the form is not complete. Pure. */
export function buildRequest(state: TicketState, market: string, sizes: Sizes): Placing | null {
  if (!isComplete(state, sizes)) return null;
  if (state.type === 'oco') return { kind: 'oco', body: buildOco(state, market, sizes) };
  if (state.type === 'bracket') return { kind: 'bracket', body: buildBracket(state, market, sizes) };
  return { kind: 'order', body: buildOrder(state, market, sizes) };
}
