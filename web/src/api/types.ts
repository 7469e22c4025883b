/** The API's shapes. Money is a decimal string, time is ISO 8601 UTC unless a name says otherwise. */

export interface User {
  id: string;
  email: string;
  name: string;
  email_verified: boolean;
  created_at: string;
  role: string;
}

export interface AuthResult {
  user: User;
  access_token: string;
  token_type: 'bearer';
  expires_in: number;
}

export interface SignupResult {
  user_id: string;
  email: string;
  verification_required: boolean;
}

export interface PriceSource {
  name: string;
  kind: 'live' | 'simulated' | 'stale';
  label: string;
  age_ms: number | null;
}

export interface AppConfig {
  app_name: string;
  environment: 'development' | 'test' | 'production';
  version: string;
  faucet_enabled: boolean;
  dev_mail_enabled: boolean;
  price_source: PriceSource;
  quote_assets: string[];
  stream_path: string;
}

export interface Ticker {
  market: string;
  last: string | null;
  change_24h: string | null;
  high_24h: string | null;
  low_24h: string | null;
  volume_24h: string | null;
  quote_volume_24h: string | null;
  bid: string | null;
  ask: string | null;
  reference_price: string | null;
  source: string | null;
  at: string | null;
}

export interface Market {
  symbol: string;
  base: string;
  quote: string;
  status: 'open' | 'post_only' | 'cancel_only' | 'halted';
  tick_size: string;
  lot_size: string;
  min_notional: string;
  max_qty: string;
  maker_fee: string;
  taker_fee: string;
  base_name: string;
  price_decimals: number;
  qty_decimals: number;
  ticker: Ticker | null;
}

export type BookLevel = [price: string, qty: string];

export interface Book {
  market: string;
  seq: number;
  bids: BookLevel[];
  asks: BookLevel[];
  checksum: number | string | null;
  at: string;
}

export type Side = 'buy' | 'sell';

export interface PublicTrade {
  trade_id: number;
  price: string;
  qty: string;
  taker_side: Side;
  at: string;
}

export type CandleInterval = '1m' | '5m' | '15m' | '1h' | '4h' | '1d';

export interface Candle {
  /** Milliseconds since 1970. */
  open_time: number;
  open: string;
  high: string;
  low: string;
  close: string;
  volume: string;
}

export interface Coin {
  id: string;
  symbol: string;
  name: string;
  price_usd: string | null;
  change_24h: string | null;
  volume_24h: string | null;
  market_cap: string | null;
  sparkline: string[];
}

export interface PricePoint {
  at: string;
  price: string;
}

export type OrderType = 'market' | 'limit';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK';
export type OrderStatus = 'open' | 'partially_filled' | 'filled' | 'cancelled' | 'expired';

export interface Order {
  id: string;
  client_order_id: string;
  market: string;
  side: Side;
  type: OrderType;
  time_in_force: TimeInForce;
  post_only: boolean;
  price: string | null;
  qty: string | null;
  total: string | null;
  filled: string;
  remaining: string | null;
  spent: string;
  average_price: string | null;
  fee: string;
  fee_asset: string | null;
  status: OrderStatus;
  reason: string;
  created_at: string;
  updated_at: string;
  seq: number;
}

export interface OrderCreate {
  market: string;
  side: Side;
  type: OrderType;
  time_in_force?: TimeInForce;
  price?: string;
  qty?: string;
  total?: string;
  post_only?: boolean;
  self_trade_prevention?: string;
  client_order_id?: string;
}

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

export interface Balance {
  asset: string;
  name: string;
  available: string;
  held: string;
  total: string;
  price_usd: string | null;
  value_usd: string | null;
}

export interface WalletBalance {
  items: Balance[];
  total_value_usd: string;
  seq: number;
  at: string;
}

export interface FaucetCredit {
  asset: string;
  amount: string;
  seq: number;
}

export interface Holding {
  asset: string;
  name: string;
  amount: string;
  available: string;
  held: string;
  price_usd: string | null;
  value_usd: string | null;
  change_24h: string | null;
  average_cost: string | null;
  unrealized_pnl: string | null;
}

export interface ValuePoint {
  at: string;
  value_usd: string;
}

export interface Portfolio {
  total_value_usd: string;
  change_24h_usd: string | null;
  change_24h_percent: string | null;
  allocation: { asset: string; value_usd: string; percent: string }[];
  holdings: Holding[];
  history: ValuePoint[];
  at: string;
}

export type TransactionType =
  | 'deposit'
  | 'withdrawal'
  | 'trade_buy'
  | 'trade_sell'
  | 'transfer_in'
  | 'transfer_out'
  | 'adjustment'
  | 'fee';

export interface Transaction {
  id: string;
  type: TransactionType;
  asset: string;
  amount: string;
  market: string | null;
  order_id: string | null;
  price: string | null;
  quote_asset: string | null;
  quote_amount: string | null;
  fee: string | null;
  fee_asset: string | null;
  ref: string | null;
  created_at: string;
  seq: number;
}

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export type HealthStatus = 'ok' | 'degraded' | 'down';

export interface Health {
  status: HealthStatus;
  version: string;
  checks: Record<string, { status: HealthStatus; detail: string; milliseconds: number | null }>;
}
