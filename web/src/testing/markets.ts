import type { Market, Ticker } from '@/api/types';

/** A market as the API sends it, with what a test cares about put in. */
export function sampleMarket(change: Partial<Market> = {}): Market {
  return {
    symbol: 'BTC-USDT',
    base: 'BTC',
    quote: 'USDT',
    base_name: 'Bitcoin',
    status: 'open',
    scheduled: null,
    order_types: ['market', 'limit'],
    band_percent: null,
    band_seconds: null,
    halt_seconds: null,
    collar_percent: '5',
    tick_size: '0.1',
    lot_size: '0.0001',
    min_notional: '5',
    max_qty: '100',
    maker_fee: '0.001',
    taker_fee: '0.0015',
    price_decimals: 1,
    qty_decimals: 4,
    paper: false,
    mirrors: null,
    ticker: null,
    ...change,
  };
}

/** A ticker of the outside world's figures, `own` being those of trades here. */
export function sampleTicker(outside: Partial<Ticker['reference']> = {}, own?: Partial<Ticker>): Ticker {
  const reference = {
    last: null,
    change_24h: null,
    high_24h: null,
    low_24h: null,
    volume_24h: null,
    quote_volume_24h: null,
    ...outside,
  };
  return {
    market: 'BTC-USDT',
    ...reference,
    trades_24h: null,
    stats_source: own === undefined ? 'reference' : 'trades',
    reference,
    bid: null,
    ask: null,
    reference_price: reference.last,
    source: 'live',
    at: '2026-01-01T00:00:00.000Z',
    ...own,
  };
}
