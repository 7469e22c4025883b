import type { OrderPreview } from '@/api/types';
import type { TicketContext, TicketState } from './types';
import { EMPTY_TICKET } from './ticket-reducer';

/** BTC-USDT with two levels a side: bids 99.9 x 1 and 99 x 2, asks 100 x 1 and 101 x 2. */
export const sampleContext: TicketContext = {
  market: {
    symbol: 'BTC-USDT',
    base: 'BTC',
    quote: 'USDT',
    status: 'open',
    scheduled: null,
    order_types: [
      'market',
      'limit',
      'stop',
      'stop_limit',
      'take_profit',
      'take_profit_limit',
      'trailing_stop',
    ],
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
  },
  book: {
    bids: [
      ['99.9', '1'],
      ['99', '2'],
    ],
    asks: [
      ['100', '1'],
      ['101', '2'],
    ],
  },
  available: { base: '2.5', quote: '1000' },
  priceStale: false,
  marks: { reference: '100', last_trade: '100' },
  now: Date.parse('2026-11-21T12:00:00Z'),
};

export function sampleTicket(change: Partial<TicketState>): TicketState {
  return { ...EMPTY_TICKET, ...change };
}

export const amount = (text: string): TicketState['entered'] => ({ field: 'amount', text });
export const total = (text: string): TicketState['entered'] => ({ field: 'total', text });

/** What the exchange says of a market buy of 2 BTC. */
export const samplePreview: OrderPreview = {
  market: 'BTC-USDT',
  side: 'buy',
  status: 'filled',
  filled_qty: '2',
  average_price: '100.7',
  best_price: '100',
  worst_price: '101.4',
  slippage_percent: '0.7',
  fee: '0.0016',
  fee_asset: 'BTC',
  fee_rate: '0.0008',
  total: '201.4',
  resting_qty: '0',
  rest_fee: '0',
  hold: '0',
  hold_asset: 'USDT',
  maker_rate: '0.0005',
  taker_rate: '0.0008',
  balances: [
    { asset: 'BTC', available: '3.9984', held: '0' },
    { asset: 'USDT', available: '798.6', held: '0' },
  ],
  refusal: null,
  book_seq: 9,
  at: '2026-01-01T00:00:00Z',
};
