/** The API's shapes by the names the app uses; generated from the OpenAPI document (`npm run api`). */

import type { components } from './schema';

type Schemas = components['schemas'];

/** An answer as it is sent: what has a default in the document is always there. */
export type Sent<Shape> = { [Key in keyof Shape]-?: Sent<Shape[Key]> };

export type User = Sent<Schemas['User']>;
export type AuthResult = Sent<Schemas['AuthResult']>;
/** A second factor, as it is shown to the server. */
export type Proof = Schemas['Proof'];
export type ProofMethod = Proof['method'];

/** Where prices come from; `kind` is told apart by the badge. */
export type PriceSource = Omit<Sent<Schemas['PriceSource']>, 'kind'> & {
  kind: 'live' | 'simulated' | 'stale';
};
export type SourceStatus = PriceSource['sources'][number]['status'];
export type AppConfig = Omit<Sent<Schemas['Config']>, 'price_source'> & { price_source: PriceSource };
export type Health = Sent<Schemas['Health']>;
export type HealthStatus = Health['status'];

export type Ticker = Sent<Schemas['Ticker']>;
export type Market = Sent<Schemas['Market']>;
export type Book = Sent<Schemas['Book']>;
export type BookLevel = Book['bids'][number];
export type PublicTrade = Sent<Schemas['PublicTrade']>;
export type Candle = Sent<Schemas['Candle']>;
export type CandleInterval = '1m' | '5m' | '15m' | '1h' | '4h' | '1d';
export type Coin = Sent<Schemas['Coin']>;

export type Order = Sent<Schemas['Order']>;
export type OrderCreate = Schemas['OrderCreate'];
export type OcoCreate = Schemas['OcoCreate'];
export type BracketCreate = Schemas['BracketCreate'];
export type OrderGroup = Sent<Schemas['Group']>;
export type OrderAmend = Schemas['OrderAmend'];
export type Explanation = Sent<Schemas['Explanation']>;
export type Fees = Sent<Schemas['Fees']>;
export type OrderPreview = Sent<Schemas['Preview']>;
export type GroupPreview = Sent<Schemas['GroupPreview']>;
/** What is sent to place something, by route. */
export type Placing =
  | { kind: 'order'; body: OrderCreate }
  | { kind: 'oco'; body: OcoCreate }
  | { kind: 'bracket'; body: BracketCreate };
export type Side = Order['side'];
export type OrderType = Order['type'];
export type TimeInForce = Order['time_in_force'];
export type TriggerBy = NonNullable<Order['trigger_by']>;
export type SelfTradeMode = NonNullable<OrderCreate['self_trade_prevention']>;

/** One execution of an own order, as the live connection tells it. */
export interface Fill {
  order_id: string;
  market: string;
  side: Side;
  price: string;
  qty: string;
  fee: string;
  fee_asset: string;
  role: 'maker' | 'taker';
  trade_id: number;
  at: string;
  seq: number;
}

export type Balance = Sent<Schemas['Balance']>;
export type WalletBalance = Sent<Schemas['Balances']>;
export type FaucetCredit = Sent<Schemas['FaucetCredit']>;

export type Paper = Sent<Schemas['Paper']>;

export type Portfolio = Sent<Schemas['Portfolio']>;
export type Holding = Portfolio['holdings'][number];
export type ValuePoint = Portfolio['history'][number];

export type Transaction = Sent<Schemas['Transaction']>;
export type TransactionType = Transaction['type'];

export type Notice = Sent<Schemas['NoticeItem']>;
export type NoticeCategory = Notice['category'];
export type NoticePreferences = Sent<Schemas['Preferences']>;

export type ApiKey = Sent<Schemas['ApiKey']>;
export type ApiKeyCreate = Schemas['ApiKeyCreate'];
export type CreatedApiKey = Sent<Schemas['CreatedApiKey']>;
export type ApiKeyScope = ApiKey['scopes'][number];

export type StepUpAct = Schemas['StepUp']['act'];
/** A proof of any kind, a password among them. */
export type AnyProof = Omit<Schemas['StepUp'], 'act'>;
export type Passkey = Sent<Schemas['Passkey']>;
export type SecurityState = Sent<Schemas['Security']>;
export type TwoFactorStatus = Sent<Schemas['SecondFactorStatus']>;
export type SessionItem = Sent<Schemas['SessionItem']>;
export type AuditRecord = Sent<Schemas['AuditRecord']>;
export type IdentityItem = Sent<Schemas['Identity']>;
export type OAuthProvider = Schemas['Providers']['items'][number];
