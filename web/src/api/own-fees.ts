import type { Fees } from './types';
import { min } from '../lib/decimal';

interface Rates {
  maker_fee: string;
  taker_fee: string;
}

/** A market's rates as they are for this person: a tier makes nothing dearer. Pure. */
export function withTier<Market extends Rates>(market: Market, fees: Fees | undefined): Market {
  if (fees?.maker == null || fees.taker === null) return market;
  return {
    ...market,
    maker_fee: min(market.maker_fee, fees.maker),
    taker_fee: min(market.taker_fee, fees.taker),
  };
}
