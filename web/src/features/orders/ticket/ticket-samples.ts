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
};

export function sampleTicket(change: Partial<TicketState>): TicketState {
  return { ...EMPTY_TICKET, ...change };
}

export const amount = (text: string): TicketState['entered'] => ({ field: 'amount', text });
export const total = (text: string): TicketState['entered'] => ({ field: 'total', text });
