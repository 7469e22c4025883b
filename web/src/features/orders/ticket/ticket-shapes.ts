import type { OrderType, Side } from '@/api/types';
import type { PriceField, TicketState, TicketType } from './types';

/** What each tab of the ticket asks for. */
interface Shape {
  /** Price fields from top to bottom; the ones in `optional` may stay empty. */
  prices: readonly PriceField[];
  optional: readonly PriceField[];
  trail: boolean;
  /** Whether what it costs can be told closely enough to be typed. */
  total: boolean;
  /** Whether something fires it. */
  fires: boolean;
  group: boolean;
}

const PLAIN = { optional: [], trail: false, total: true, fires: false, group: false } as const;
const FIRED = { ...PLAIN, total: false, fires: true } as const;

export const SHAPES: Record<TicketType, Shape> = {
  limit: { ...PLAIN, prices: ['price'] },
  market: { ...PLAIN, prices: [] },
  stop: { ...FIRED, prices: ['trigger'] },
  stop_limit: { ...FIRED, prices: ['trigger', 'price'], total: true },
  take_profit: { ...FIRED, prices: ['trigger', 'limitAfter'], optional: ['limitAfter'] },
  trailing: { ...FIRED, prices: ['activation'], optional: ['activation'], trail: true },
  oco: { ...FIRED, prices: ['price', 'trigger', 'limitAfter'], optional: ['limitAfter'], group: true },
  bracket: {
    ...FIRED,
    prices: ['price', 'target', 'trigger', 'limitAfter'],
    optional: ['price', 'limitAfter'],
    group: true,
    total: true,
  },
};

/** In the order of the tabs. */
export const TICKET_TYPES = Object.keys(SHAPES) as TicketType[];

/** The name the exchange has for what a form would send; of a group its first order. */
export function orderType({ type, limitAfter, price }: TicketState): OrderType {
  if (type === 'take_profit') return limitAfter.trim() === '' ? 'take_profit' : 'take_profit_limit';
  if (type === 'trailing') return 'trailing_stop';
  if (type === 'bracket') return price.trim() === '' ? 'market' : 'limit';
  return type === 'oco' ? 'limit' : type;
}

/** Whether the order, or the entry of a group, can rest in the book as it is sent. */
export function canRest(state: TicketState): boolean {
  return state.type === 'limit' || (state.type === 'bracket' && orderType(state) === 'limit');
}

/** Whether it can show only a part of itself: it is one order, and it has a limit. */
export function canHide(state: TicketState): boolean {
  return !SHAPES[state.type].group && ['limit', 'stop_limit', 'take_profit_limit'].includes(orderType(state));
}

/** What may be chosen for how long it lives, in the order of the list. */
export function timesInForce(state: TicketState): TicketState['timeInForce'][] {
  if (state.type === 'market' || (state.type === 'bracket' && orderType(state) === 'market')) return [];
  return canRest(state) ? ['GTC', 'GTD', 'IOC', 'FOK'] : ['GTC', 'GTD'];
}

export function opposite(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy';
}

/**
 * Whether a trigger waits for the price to rise. Stops buy above and sell below; take-profits the other way round.
 * The stop of a bracket is on the other side than its entry.
 */
export function waitsForRise({ type, side }: TicketState): boolean {
  if (type === 'take_profit' || type === 'bracket') return side === 'sell';
  return side === 'buy';
}
