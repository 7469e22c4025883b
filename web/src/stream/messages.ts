import type { Balance, Book, Fill, Notice, Order, PriceSource, PublicTrade, Ticker } from '../api/types';

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

export type TradeMessage = PublicTrade & { market: string };

export type BalanceMessage = Pick<Balance, 'asset' | 'available' | 'held'> & { seq: number };

/** What the server sends, by event name. */
export interface ServerEvents {
  prices: (message: PricesMessage) => void;
  book: (message: Book) => void;
  trade: (message: TradeMessage) => void;
  ticker: (message: Ticker) => void;
  order: (message: Order) => void;
  fill: (message: Fill) => void;
  balance: (message: BalanceMessage) => void;
  notice: (message: Notice) => void;
}

export interface ClientEvents {
  subscribe: (
    request: { rooms: string[] },
    answered?: (answer: { ok: boolean; rooms?: string[] }) => void,
  ) => void;
  unsubscribe: (request: { rooms: string[] }) => void;
}
