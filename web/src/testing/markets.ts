import type { Market } from '@/api/types';

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
    tick_size: '0.1',
    lot_size: '0.0001',
    min_notional: '5',
    max_qty: '100',
    maker_fee: '0.001',
    taker_fee: '0.0015',
    price_decimals: 1,
    qty_decimals: 4,
    ticker: null,
    ...change,
  };
}
