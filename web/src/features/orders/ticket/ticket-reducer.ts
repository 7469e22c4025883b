import type { OrderType, Side, TimeInForce } from '@/api/types';
import type { TicketState } from './types';

export type TicketAction =
  | { kind: 'side'; side: Side }
  | { kind: 'type'; type: OrderType }
  | { kind: 'price'; price: string }
  | { kind: 'amount'; amount: string }
  | { kind: 'total'; total: string }
  | { kind: 'percent'; percent: number; field: 'amount' | 'total'; text: string }
  | { kind: 'timeInForce'; timeInForce: TimeInForce }
  | { kind: 'postOnly'; postOnly: boolean }
  | { kind: 'sent' };

export const EMPTY_TICKET: TicketState = {
  side: 'buy',
  type: 'limit',
  price: '',
  entered: { field: 'amount', text: '' },
  percent: null,
  timeInForce: 'GTC',
  postOnly: false,
};

const NOTHING_ENTERED = { entered: { field: 'amount', text: '' }, percent: null } as const;

/** A market order never rests, so the choices that are about resting fall back. */
function changeType(state: TicketState, type: OrderType): TicketState {
  return type === 'market' ? { ...state, type, timeInForce: 'GTC', postOnly: false } : { ...state, type };
}

/** The next form. Pure: text in, text out; what follows from it is the summary's. */
export function reduceTicket(state: TicketState, action: TicketAction): TicketState {
  switch (action.kind) {
    case 'side':
      // A percentage belongs to the balance of one side.
      return { ...state, side: action.side, ...(state.percent === null ? {} : NOTHING_ENTERED) };
    case 'type':
      return changeType(state, action.type);
    case 'price':
      return { ...state, type: 'limit', price: action.price };
    case 'amount':
      return { ...state, entered: { field: 'amount', text: action.amount }, percent: null };
    case 'total':
      return { ...state, entered: { field: 'total', text: action.total }, percent: null };
    case 'percent':
      return { ...state, entered: { field: action.field, text: action.text }, percent: action.percent };
    case 'timeInForce':
      return {
        ...state,
        timeInForce: action.timeInForce,
        postOnly: state.postOnly && action.timeInForce === 'GTC',
      };
    case 'postOnly':
      return {
        ...state,
        postOnly: action.postOnly,
        timeInForce: action.postOnly ? 'GTC' : state.timeInForce,
      };
    case 'sent':
      return { ...state, ...NOTHING_ENTERED };
  }
}
