import type { ReactNode } from 'react';
import type { Market, Side } from '@/api/types';

/** The pieces of the trade page; layouts only say where each one stands. */
export interface TradeParts {
  market: Market;
  markets: readonly Market[];
  /** The pair at the head, with search and favourite. */
  picker: ReactNode;
  chart: ReactNode;
  /** `rowHeight` in pixels: a thumb needs more than a mouse. */
  book: (rowHeight: number, onPicked?: () => void) => ReactNode;
  tape: ReactNode;
  ticket: (onDone?: () => void) => ReactNode;
  balances: ReactNode;
  orders: ReactNode;
  /** Puts the ticket on a side before it is shown. */
  chooseSide: (side: Side) => void;
}
