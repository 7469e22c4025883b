import { createContext, useContext } from 'react';

/** The exchange names its paper assets so: PAPERBTC is paper of BTC, and PAPERBTC-PAPERUSDT mirrors BTC-USDT. */
const PREFIX = 'PAPER';

/** Whether a market or an asset is one of play money. */
export const isPaper = (symbol: string): boolean => symbol.startsWith(PREFIX);

const each = (symbol: string, change: (asset: string) => string) => symbol.split('-').map(change).join('-');

/** The real market or asset whose prices and depth a paper one has; a real one is its own. */
export const realOf = (symbol: string): string =>
  each(symbol, (asset) => (isPaper(asset) ? asset.slice(PREFIX.length) : asset));

/** The paper market or asset of a real one; a paper one is its own. */
export const paperOf = (symbol: string): string => each(symbol, (asset) => PREFIX + realOf(asset));

/** Around a part of the page that shows play money instead of real money. */
export const PaperMode = createContext(false);

/** Whether orders, fills and balances here are those of play money. */
export const usePaperMode = (): boolean => useContext(PaperMode);
