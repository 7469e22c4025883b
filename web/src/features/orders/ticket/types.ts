import type { BookLevel, Market, OrderCreate, OrderType, Side, TimeInForce } from '@/api/types';

/** What the user typed, nothing derived. Only the field typed last leads; the other one follows from it. */
export interface TicketState {
  side: Side;
  type: OrderType;
  price: string;
  entered: { field: 'amount' | 'total'; text: string };
  /** The percent-of-balance button that filled `entered`, until it is edited. */
  percent: number | null;
  timeInForce: TimeInForce;
  postOnly: boolean;
}

/** The rules of a market; fees are fractions ("0.001" is 0.1 %). */
export type TicketMarket = Omit<Market, 'ticker' | 'base_name'>;

/** Everything outside the form that decides what an order would do. */
export interface TicketContext {
  market: TicketMarket;
  book: { bids: readonly BookLevel[]; asks: readonly BookLevel[] };
  /** Free balances, or null while they are not known. */
  available: { base: string; quote: string } | null;
  /** No usable price from outside: market orders are refused. */
  priceStale: boolean;
}

export interface TicketSummary {
  /** Amount of base and total of quote that the order stands for; null until they can be told. */
  qty: string | null;
  total: string | null;
  fee: string | null;
  feeAsset: string;
  feeRate: string;
  /** Average price of what would fill at once, from the visible book. */
  average: string | null;
  /** How far the average is from the best price, percent, never negative. */
  slippage: string | null;
  /** A limit order whose price meets the other side of the book. */
  crosses: boolean;
  /** The visible book cannot fill a market order whole. */
  exceedsBook: boolean;
  /** The body of POST /orders, without its idempotency key. */
  request: OrderCreate | null;
}

export interface TicketProblem {
  field: 'price' | 'amount' | 'total' | 'options' | 'form';
  /** `missing` asks for something still to come; `invalid` says something is wrong. */
  kind: 'missing' | 'invalid';
  /** Name of the text under `trade:problem`. */
  code:
    | 'halted'
    | 'cancelOnly'
    | 'postOnlyMarket'
    | 'priceStale'
    | 'bookEmpty'
    | 'enterPrice'
    | 'priceNotNumber'
    | 'priceStep'
    | 'enterAmount'
    | 'amountNotNumber'
    | 'amountStep'
    | 'amountTooLarge'
    | 'minNotional'
    | 'loadingBalance'
    | 'noFunds'
    | 'insufficientFunds'
    | 'postOnlyWouldTrade'
    | 'bookTooThin';
  values: Partial<Record<'market' | 'step' | 'asset' | 'amount', string>>;
}
