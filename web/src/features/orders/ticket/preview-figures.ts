import type { GroupPreview, OrderPreview } from '@/api/types';
import { add, isZero } from '@/lib/decimal';
import type { TicketSummary } from './types';

/** What the exchange says would happen: to one order, or to the orders of a group. */
export type ServerPreview = OrderPreview | GroupPreview;

type Foreseen = Pick<
  OrderPreview,
  | 'filled_qty'
  | 'average_price'
  | 'slippage_percent'
  | 'fee'
  | 'fee_asset'
  | 'fee_rate'
  | 'total'
  | 'resting_qty'
  | 'rest_fee'
  | 'hold'
  | 'hold_asset'
>;

export interface Fee {
  amount: string;
  /** As a fraction. */
  rate: string;
}

export interface Figures extends Pick<TicketSummary, 'average' | 'slippage' | 'total' | 'feeAsset'> {
  /** What trades at once costs, then what the rest will cost; of an OCO that of the one or the other. */
  fees: Fee[];
  /** Only one of the fees will be paid. */
  either: boolean;
  /** What stays set aside for it. */
  holds: { asset: string; amount: string }[];
}

function feesOf(order: Foreseen, preview: ServerPreview): Fee[] {
  const rate = order.fee_rate ?? preview.taker_rate;
  const traded = !isZero(order.filled_qty);
  // What is left once something has traded rests in the book.
  const rest = { amount: order.rest_fee ?? '0', rate: traded ? preview.maker_rate : rate };
  const fees = [{ amount: order.fee, rate }, rest].filter(({ amount }) => !isZero(amount));
  return fees.length > 0 ? fees : [{ amount: '0', rate }];
}

/** A bracket holds money for the rest of its entry, and coins for the exits of what has traded. */
function holdsOf(orders: readonly Foreseen[]): Figures['holds'] {
  const holds = new Map<string, string>();
  for (const { hold, hold_asset: asset } of orders) {
    if (!isZero(hold)) holds.set(asset, add(holds.get(asset) ?? '0', hold));
  }
  return [...holds].map(([asset, amount]) => ({ asset, amount }));
}

/** The exchange's own figures as far as it has told them, else what follows from the form. Pure. */
export function pickFigures(summary: TicketSummary, preview: ServerPreview | null): Figures {
  const { average, slippage, total, fee, feeAsset, feeRate } = summary;
  const reckoned: Figures = {
    average,
    slippage,
    total,
    feeAsset,
    fees: [{ amount: fee ?? '0', rate: feeRate }],
    either: false,
    holds: [],
  };
  if (preview === null || preview.refusal !== null) return reckoned;
  const orders = 'orders' in preview ? preview.orders : [preview];
  const either = 'orders' in preview && preview.orders[0]?.role !== 'entry';
  const [lead] = orders;
  if (lead === undefined) return reckoned;
  return {
    average: lead.average_price,
    slippage: lead.slippage_percent,
    // What stays open has its own price, which the exchange does not count in.
    total: isZero(lead.filled_qty) || !isZero(lead.resting_qty) ? total : lead.total,
    feeAsset: lead.fee_asset,
    fees: either ? orders.flatMap((order) => feesOf(order, preview)) : feesOf(lead, preview),
    either,
    holds: holdsOf(orders),
  };
}
