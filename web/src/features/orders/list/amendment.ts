import type { Order, OrderAmend } from '@/api/types';
import { compare, toStep } from '@/lib/decimal';
import { parseInput } from '@/lib/format';

/** What the user typed into the fields of an open order. */
export interface AmendDraft {
  price: string;
  qty: string;
  trigger_price: string;
}

export type AmendField = keyof AmendDraft;

/** The steps of the order's market. */
interface Steps {
  tick: string;
  lot: string;
}

export interface Amendment {
  /** What is sent: only what differs. Null where nothing does, or something is wrong. */
  change: OrderAmend | null;
  problem: { field: AmendField; code: 'number' | 'step' | 'belowFilled'; step: string } | null;
  /** An order that only gets smaller keeps its place in the queue of its price. */
  keepsPlace: boolean;
}

/** The fields an order has: one without a limit has no price, a trailing stop finds its trigger by itself. */
export function amendableFields(order: Order): AmendField[] {
  // The quantity of an exit is that of its group.
  const leg = order.role === 'take_profit' || order.role === 'stop_loss';
  const moves = order.trail_amount !== null || order.trail_percent !== null;
  return [
    ...(order.trigger_price !== null && !moves && order.triggered_at === null
      ? (['trigger_price'] as const)
      : []),
    ...(order.price === null ? [] : (['price'] as const)),
    ...(order.qty === null || leg ? [] : (['qty'] as const)),
  ];
}

export function startDraft(order: Order): AmendDraft {
  return { price: order.price ?? '', qty: order.qty ?? '', trigger_price: order.trigger_price ?? '' };
}

function checkField(field: AmendField, text: string, order: Order, steps: Steps): Amendment['problem'] {
  const step = field === 'qty' ? steps.lot : steps.tick;
  const value = parseInput(text);
  if (value === null || compare(value, '0') <= 0) return { field, code: 'number', step };
  if (compare(toStep(value, step), value) !== 0) return { field, code: 'step', step };
  const below = field === 'qty' && compare(value, order.filled) < 0;
  return below ? { field, code: 'belowFilled', step: order.filled } : null;
}

/** What a draft would change, or the first thing that is wrong with it. Pure. */
export function readAmendment(order: Order, draft: AmendDraft, steps: Steps): Amendment {
  const change: OrderAmend = {};
  for (const field of amendableFields(order)) {
    const problem = checkField(field, draft[field], order, steps);
    if (problem !== null) return { change: null, problem, keepsPlace: false };
    const value = parseInput(draft[field]) ?? '0';
    if (compare(value, order[field] ?? '0') !== 0) change[field] = value;
  }
  const [first, ...others] = Object.keys(change);
  const smaller = change.qty != null && compare(change.qty, order.qty ?? '0') < 0;
  return {
    change: first === undefined ? null : change,
    problem: null,
    keepsPlace: first === 'qty' && others.length === 0 && smaller,
  };
}
