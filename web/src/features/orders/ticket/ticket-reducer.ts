import type { SelfTradeMode, Side, TimeInForce, TriggerBy } from '@/api/types';
import { SHAPES, timesInForce } from './ticket-shapes';
import type { PriceField, TicketState, TicketType } from './types';

/** What the options below "Advanced" change. */
export interface TicketOptions {
  timeInForce: TimeInForce;
  expires: string;
  postOnly: boolean;
  triggerBy: TriggerBy;
  visible: string;
  reduce: boolean;
  selfTrade: SelfTradeMode;
}

export type TicketAction =
  | { kind: 'side'; side: Side }
  | { kind: 'type'; type: TicketType }
  | { kind: 'price'; field: PriceField; price: string }
  /** A price picked in the book or the chart goes where this type of order has use for it. */
  | { kind: 'picked'; price: string }
  | { kind: 'trail'; trail: Partial<TicketState['trail']> }
  | { kind: 'amount'; amount: string }
  | { kind: 'total'; total: string }
  | { kind: 'percent'; percent: number; field: 'amount' | 'total'; text: string }
  | { kind: 'options'; options: Partial<TicketOptions> }
  | { kind: 'sent' };

const NO_OPTIONS: TicketOptions = {
  timeInForce: 'GTC',
  expires: '',
  postOnly: false,
  triggerBy: 'reference',
  visible: '',
  reduce: false,
  selfTrade: 'cancel_newest',
};

export const EMPTY_TICKET: TicketState = {
  side: 'buy',
  type: 'limit',
  price: '',
  trigger: '',
  target: '',
  limitAfter: '',
  trail: { unit: 'percent', text: '' },
  activation: '',
  entered: { field: 'amount', text: '' },
  percent: null,
  ...NO_OPTIONS,
};

const NOTHING_ENTERED = { entered: { field: 'amount', text: '' }, percent: null } as const;

/** What the new type cannot have falls back; prices stay, because the same levels are often tried in several ways. */
function changeType(state: TicketState, type: TicketType): TicketState {
  const next = { ...state, type };
  const times = timesInForce(next);
  return {
    ...next,
    timeInForce: times.includes(state.timeInForce) ? state.timeInForce : 'GTC',
    postOnly: state.postOnly && times.includes('IOC'),
    reduce: state.reduce && !SHAPES[type].group,
  };
}

/** Post-only is about resting, so it goes with GTC and GTD; a date is only asked of GTD. */
function changeOptions(state: TicketState, options: Partial<TicketOptions>): TicketState {
  const next = { ...state, ...options };
  const rests = next.timeInForce === 'GTC' || next.timeInForce === 'GTD';
  if (rests) return next;
  return options.postOnly === true
    ? { ...next, timeInForce: 'GTC' }
    : { ...next, postOnly: false, visible: '' };
}

function pick(state: TicketState, price: string): TicketState {
  if (state.type === 'market') return { ...state, type: 'limit', price };
  const field = SHAPES[state.type].prices[0] ?? 'price';
  return { ...state, [field]: price };
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
      return { ...state, [action.field]: action.price };
    case 'picked':
      return pick(state, action.price);
    case 'trail':
      return { ...state, trail: { ...state.trail, ...action.trail } };
    case 'amount':
      return { ...state, entered: { field: 'amount', text: action.amount }, percent: null };
    case 'total':
      return { ...state, entered: { field: 'total', text: action.total }, percent: null };
    case 'percent':
      return { ...state, entered: { field: action.field, text: action.text }, percent: action.percent };
    case 'options':
      return changeOptions(state, action.options);
    case 'sent':
      return { ...state, ...NOTHING_ENTERED };
  }
}
