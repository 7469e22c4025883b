import type {
  Balance,
  Book,
  BookLevel,
  Candle,
  CandleInterval,
  Fill,
  Market,
  Notice,
  Order,
  PriceSource,
  PublicTrade,
  Ticker,
} from '../api/types';

export interface LivePrice {
  last: string | null;
  change_24h: string | null;
  reference_price: string | null;
}

export interface PricesMessage {
  at: string;
  source: PriceSource;
  prices: Record<string, LivePrice>;
}

/** Changed levels of a book; `prev_seq` names the message before it, `checksum` is that of the whole book behind it. */
export type BookDelta = Book & { prev_seq: number };

export type CandleMessage = Candle & { market: string; interval: CandleInterval };

/** The best level of each side, as [price, quantity]. */
export interface TopMessage {
  market: string;
  seq: number;
  bid: BookLevel | null;
  ask: BookLevel | null;
  at: string;
}

/** The rules of a market as they hold from now on. */
export type RulesMessage = Omit<Market, 'base_name' | 'price_decimals' | 'qty_decimals' | 'ticker'> & {
  seq: number;
};

/** Private messages are counted for each user, without holes while one publisher tells them. */
export interface Counted {
  user_seq: number;
}

export type TradeMessage = PublicTrade & { market: string };

export type BalanceMessage = Pick<Balance, 'asset' | 'available' | 'held'> & { seq: number };

/** What the server sends, by event name. */
export interface ServerEvents {
  prices: (message: PricesMessage) => void;
  book: (message: Book) => void;
  book_delta: (message: BookDelta) => void;
  top: (message: TopMessage) => void;
  candle: (message: CandleMessage) => void;
  trade: (message: TradeMessage) => void;
  market: (message: RulesMessage) => void;
  /** The house has another fee schedule. */
  fees: () => void;
  ticker: (message: Ticker) => void;
  order: (message: Order & Counted) => void;
  fill: (message: Fill & Counted) => void;
  balance: (message: BalanceMessage & Counted) => void;
  /** Private messages may have been lost on the way. */
  resync: () => void;
  notice: (message: Notice) => void;
}

export interface ClientEvents {
  subscribe: (
    request: { rooms: string[] },
    answered?: (answer: { ok: boolean; rooms?: string[] }) => void,
  ) => void;
  unsubscribe: (request: { rooms: string[] }) => void;
}
