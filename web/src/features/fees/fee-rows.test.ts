import { describe, expect, it } from 'vitest';
import type { Fees } from '@/api/types';
import { calculateProgress, formatRate } from './fee-rows';

const tier = (volume: string) => ({ volume, maker: '0.001', taker: '0.0015' });
const fees = (change: Partial<Fees>): Fees => ({
  tier: 1,
  volume_30d: '75000',
  maker: '0.001',
  taker: '0.0015',
  tiers: [tier('0'), tier('50000'), tier('100000')],
  next: tier('100000'),
  ...change,
});

describe('calculateProgress', () => {
  it('measures the way from this tier to the next', () => {
    expect(calculateProgress(fees({}))).toEqual({ missing: '25000', percent: 50 });
    expect(calculateProgress(fees({ volume_30d: '99999' }))?.percent).toBe(99);
  });

  it('never goes below the start or beyond the end', () => {
    expect(calculateProgress(fees({ volume_30d: '10' }))?.percent).toBe(0);
    expect(calculateProgress(fees({ volume_30d: '200000' }))).toEqual({ missing: '0', percent: 100 });
  });

  it('has nowhere to go at the top', () => {
    expect(calculateProgress(fees({ tier: 2, next: null }))).toBeNull();
  });
});

describe('formatRate', () => {
  it('tells a fraction as per cent', () => {
    expect(formatRate('0.0008')).toBe('0.08 %');
    expect(formatRate('0')).toBe('0 %');
  });
});
