import { abs, div, isZero, mul, sub, toFixed } from '@/lib/decimal';
import { LEDGER_DECIMALS, type Fill } from './estimate-fill';
import { buildRequest } from './ticket-request';
import { canRest } from './ticket-shapes';
import { calculateSizes, getOpposite } from './ticket-sizes';
import type { TicketContext, TicketState, TicketSummary } from './types';

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

/** Everything that follows from the form and the world around it, for showing before sending. Pure. */
export function calculateTicketSummary(state: TicketState, context: TicketContext): TicketSummary {
  const { market } = context;
  const sizes = calculateSizes(state, context);
  const rests = canRest(state);
  const crosses = rests && !isZero(sizes.fill.qty);
  const feeRate = rests && !crosses ? market.maker_fee : market.taker_fee;
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
