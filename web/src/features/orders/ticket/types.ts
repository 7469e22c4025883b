import type { BookLevel, Market, Placing, SelfTradeMode, Side, TimeInForce, TriggerBy } from '@/api/types';

/** What the tabs of the ticket offer. A take-profit becomes a limit order by having a limit; OCO and bracket are groups. */
export type TicketType =
  'limit' | 'market' | 'stop' | 'stop_limit' | 'take_profit' | 'trailing' | 'oco' | 'bracket';

/** What the user typed, nothing derived. Only the field typed last leads; the other one follows from it. */
export interface TicketState {
  side: Side;
  type: TicketType;
  /** The limit; of an OCO the price of its target, of a bracket that of its entry (empty: at market). */
  price: string;
  /** What fires a stop or a take-profit; of a group its stop. */
  trigger: string;
  /** Where a bracket takes its profit. */
  target: string;
  /** The limit of what a trigger sends; empty: at market. */
  limitAfter: string;
  trail: { unit: 'percent' | 'amount'; text: string };
  /** From where on a trailing stop trails; empty: from now on. */
  activation: string;
  entered: { field: 'amount' | 'total'; text: string };
  /** The percent-of-balance button that filled `entered`, until it is edited. */
  percent: number | null;
  timeInForce: TimeInForce;
  /** The end of a good-till-date order, as the field for date and time has it: the reader's own zone. */
  expires: string;
  postOnly: boolean;
  triggerBy: TriggerBy;
  /** How much of an iceberg is shown; empty: all of it. */
  visible: string;
  reduce: boolean;
  selfTrade: SelfTradeMode;
}

/** The names of the price fields. */
export type PriceField = 'price' | 'trigger' | 'target' | 'limitAfter' | 'activation';

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
  /** What a trigger is compared with; null while not known. */
  marks: Record<TriggerBy, string | null>;
  /** Milliseconds since 1970, for telling whether a date has passed. */
  now: number;
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
  /** What would be sent, without its idempotency key. */
  request: Placing | null;
}

export interface TicketProblem {
  field: PriceField | 'trail' | 'amount' | 'total' | 'options' | 'form';
  /** `missing` asks for something still to come; `invalid` says something is wrong. */
  kind: 'missing' | 'invalid';
  /** Name of the text under `trade:problem`. */
  code:
    | 'halted'
    | 'preOpen'
    | 'typeClosed'
    | 'cancelOnly'
    | 'postOnlyMarket'
    | 'priceStale'
    | 'bookEmpty'
    | 'enterPrice'
    | 'priceNotNumber'
    | 'priceStep'
    | 'enterTrigger'
    | 'enterTarget'
    | 'enterTrail'
    | 'trailTooWide'
    | 'triggerReachedAbove'
    | 'triggerReachedBelow'
    | 'targetWrongSide'
    | 'stopWrongSide'
    | 'enterDate'
    | 'datePassed'
    | 'visibleTooLarge'
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
