import type { OrderCreate } from '@/api/types';
import { estimateFill, LEDGER_DECIMALS, type Fill } from './estimate-fill';
import type { TicketContext, TicketState, TicketSummary } from './types';
import { abs, compare, div, isZero, mul, sub, toFixed, toStep } from '@/lib/decimal';
import { parseInput } from '@/lib/format';

/** What the order amounts to; "0" while unknown. */
interface Sizes {
  price: string;
  qty: string;
  total: string;
  fill: Fill;
}

function parseOrZero(text: string): string {
  const value = parseInput(text);
  return value === null || compare(value, '0') < 0 ? '0' : value;
}

function getOpposite(state: TicketState, { book }: TicketContext) {
  return state.side === 'buy' ? book.asks : book.bids;
}

function sizeMarketOrder(state: TicketState, context: TicketContext): Sizes {
  const entered = parseOrZero(state.entered.text);
  const byTotal = state.entered.field === 'total';
  const fill = estimateFill(getOpposite(state, context), byTotal ? { total: entered } : { qty: entered });
  const qty = byTotal ? toStep(fill.qty, context.market.lot_size) : entered;
  return { price: '0', qty, total: byTotal ? entered : fill.notional, fill };
}

function sizeLimitOrder(state: TicketState, context: TicketContext): Sizes {
  const price = parseOrZero(state.price);
  const entered = parseOrZero(state.entered.text);
  const fromTotal = isZero(price)
    ? '0'
    : toStep(div(entered, price, LEDGER_DECIMALS), context.market.lot_size);
  const qty = state.entered.field === 'amount' ? entered : fromTotal;
  const accept = (level: string) => compare(level, price) !== (state.side === 'buy' ? 1 : -1);
  const fill = estimateFill(getOpposite(state, context), { qty }, accept);
  return { price, qty, total: mul(price, qty), fill };
}

/** Fees round up, and are paid in what the order receives. */
function calculateFee(amount: string, rate: string): string {
  return div(mul(amount, rate), '1', LEDGER_DECIMALS, 'up');
}

function describeFill(best: string | undefined, fill: Fill, decimals: number) {
  if (best === undefined || isZero(fill.qty)) return { average: null, slippage: null };
  const average = div(fill.notional, fill.qty, LEDGER_DECIMALS, 'half');
  const slippage = div(mul(abs(sub(average, best)), '100'), best, 2, 'half');
  return { average: toFixed(average, decimals, 'half'), slippage };
}

function buildRequest(state: TicketState, symbol: string, sizes: Sizes): OrderCreate | null {
  if (isZero(sizes.qty) || (state.type === 'limit' && isZero(sizes.price))) return null;
  const common = { market: symbol, side: state.side, type: state.type };
  if (state.type === 'limit') {
    const { price, qty } = sizes;
    return { ...common, time_in_force: state.timeInForce, price, qty, post_only: state.postOnly };
  }
  // Only a market buy may be sized by its total; a sale is always an amount.
  const byTotal = state.side === 'buy' && state.entered.field === 'total';
  return { ...common, time_in_force: 'IOC', ...(byTotal ? { total: sizes.total } : { qty: sizes.qty }) };
}

/** Everything that follows from the form and the world around it, for showing before sending. Pure. */
export function calculateTicketSummary(state: TicketState, context: TicketContext): TicketSummary {
  const { market } = context;
  const sizes = state.type === 'market' ? sizeMarketOrder(state, context) : sizeLimitOrder(state, context);
  const crosses = state.type === 'limit' && !isZero(sizes.fill.qty);
  const feeRate = state.type === 'market' || crosses ? market.taker_fee : market.maker_fee;
  const fee = calculateFee(state.side === 'buy' ? sizes.qty : sizes.total, feeRate);
  const known = (amount: string) => (isZero(amount) ? null : amount);
  return {
    qty: known(sizes.qty),
    total: known(sizes.total),
    fee: known(fee),
    feeAsset: state.side === 'buy' ? market.base : market.quote,
    feeRate,
    ...describeFill(getOpposite(state, context)[0]?.[0], sizes.fill, market.price_decimals),
    crosses,
    exceedsBook: state.type === 'market' && !sizes.fill.complete && !isZero(sizes.qty),
    request: buildRequest(state, market.symbol, sizes),
  };
}
