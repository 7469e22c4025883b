import { create } from 'zustand';
import type { PriceSource, Ticker } from '../api/types';
import type { LivePrice, PricesMessage } from './messages';

interface PricesStore {
  prices: Record<string, LivePrice>;
  tickers: Record<string, Ticker>;
  source: PriceSource | null;
  /** When the last message arrived, by this browser's clock in ms; 0 before the first. */
  receivedAt: number;
}

/** Raw server truth, lost on reload: the newest price of each market and where it came from. */
export const usePrices = create<PricesStore>()(() => ({
  prices: {},
  tickers: {},
  source: null,
  receivedAt: 0,
}));

/** A message may carry all markets or only those that changed. */
export function setPricesRaw(message: PricesMessage, now: number = Date.now()): void {
  usePrices.setState(({ prices }) => ({
    prices: { ...prices, ...message.prices },
    source: message.source,
    receivedAt: now,
  }));
}

export function setTickerRaw(ticker: Ticker): void {
  usePrices.setState(({ tickers }) => ({ tickers: { ...tickers, [ticker.market]: ticker } }));
}
