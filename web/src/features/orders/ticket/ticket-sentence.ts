import { formatDecimal, parseInput } from '@/lib/format';
import { opposite, orderType, SHAPES } from './ticket-shapes';
import type { TicketMarket, TicketState, TicketSummary } from './types';

type Verb = 'buy' | 'sell';

type Key =
  | `${Verb}${'Limit' | 'Market' | 'Stop' | 'StopLimit' | 'TakeProfit' | 'TakeProfitLimit'}`
  | `${Verb}${'Trailing' | 'TrailingFrom' | 'Oco' | 'OcoLimit' | 'Exits' | 'ExitsLimit'}`
  | 'buyMarketTotal'
  | 'lastTrade'
  | 'visible'
  | 'reduce';

type Value =
  | 'amount'
  | 'base'
  | 'total'
  | 'quote'
  | 'fee'
  | 'feeAsset'
  | 'price'
  | 'trigger'
  | 'target'
  | 'limit'
  | 'activation'
  | 'trail'
  | 'visible';

/** A text of the `trade` namespace with its values, so that the sentence exists in every language. */
export interface Sentence {
  key: `sentence.${Key}`;
  values: Record<Value, string>;
}

/** Quote amounts read as money: two decimals, more only where two would say nothing. */
export function formatQuote(amount: string | null): string {
  const money = formatDecimal(amount, { decimals: 2 });
  return /[1-9]/.test(money) ? money : formatDecimal(amount);
}

const NAMES = {
  limit: 'Limit',
  market: 'Market',
  stop: 'Stop',
  stop_limit: 'StopLimit',
  take_profit: 'TakeProfit',
  take_profit_limit: 'TakeProfitLimit',
} as const;

function firstKey(state: TicketState, summary: TicketSummary): Key {
  const { side, type } = state;
  if (type === 'oco') return state.limitAfter.trim() === '' ? `${side}Oco` : `${side}OcoLimit`;
  if (type === 'trailing') return state.activation.trim() === '' ? `${side}Trailing` : `${side}TrailingFrom`;
  const { request } = summary;
  if (request?.kind === 'order' && request.body.total !== undefined) return 'buyMarketTotal';
  const name = orderType(state);
  return name === 'trailing_stop' ? `${side}Trailing` : `${side}${NAMES[name]}`;
}

/** What comes after the first sentence: the exits of a bracket, and the options that change what happens. */
function furtherKeys(state: TicketState): Key[] {
  const exits = opposite(state.side);
  const bracket =
    state.limitAfter.trim() === '' ? (`${exits}Exits` as const) : (`${exits}ExitsLimit` as const);
  return [
    ...(state.type === 'bracket' ? [bracket] : []),
    ...(SHAPES[state.type].fires && state.triggerBy === 'last_trade' ? (['lastTrade'] as const) : []),
    ...(state.visible.trim() === '' ? [] : (['visible'] as const)),
    ...(state.reduce ? (['reduce'] as const) : []),
  ];
}

function trailText({ trail: { unit, text } }: TicketState, quote: string): string {
  return unit === 'percent' ? `${text} %` : `${formatDecimal(parseInput(text))} ${quote}`;
}

/** What pressing the button does, in plain sentences; none while that cannot be told. Pure. */
export function describeOrder(market: TicketMarket, state: TicketState, summary: TicketSummary): Sentence[] {
  const { request, qty, total, fee, feeAsset } = summary;
  if (request === null) return [];
  const { base, quote } = market;
  const price = (text: string) => formatDecimal(parseInput(text));
  const values = {
    amount: formatDecimal(qty),
    base,
    total: formatQuote(total),
    quote,
    fee: feeAsset === base ? formatDecimal(fee) : formatQuote(fee),
    feeAsset,
    price: price(state.price),
    trigger: price(state.trigger),
    target: price(state.target),
    limit: price(state.type === 'stop_limit' ? state.price : state.limitAfter),
    activation: price(state.activation),
    trail: trailText(state, quote),
    visible: price(state.visible),
  };
  return [firstKey(state, summary), ...furtherKeys(state)].map((key) => ({ key: `sentence.${key}`, values }));
}
