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

/** Counted as one dollar each, as the server does. */
const AT_PAR = new Set(['USDT', 'USD']);

/** The newest dollar price of an asset as the exchange values it: the outside reference where there is one. */
export function dollarPrice(prices: Record<string, LivePrice>, asset: string): string | null {
  if (AT_PAR.has(asset)) return '1';
  const price = prices[`${asset}-USDT`] ?? prices[`${asset}-USD`];
  return price?.reference_price ?? price?.last ?? null;
}
