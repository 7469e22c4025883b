import { describe, expect, it } from 'vitest';
import type { Fees } from '@/api/types';
import { withTier } from './own-fees';

const market = { maker_fee: '0.001', taker_fee: '0.0015', symbol: 'BTC-USDT' };
const fees: Fees = { tier: 1, volume_30d: '0', maker: '0.0008', taker: '0.002', tiers: [], next: null };

describe('withTier', () => {
  it('takes the lower of market and tier, each rate for itself', () => {
    expect(withTier(market, fees)).toEqual({ ...market, maker_fee: '0.0008' });
  });

  it('leaves the market as it is where there are no tiers, or none is known yet', () => {
    expect(withTier(market, { ...fees, maker: null, taker: null })).toBe(market);
    expect(withTier(market, undefined)).toBe(market);
  });
});
