import { describe, expect, it } from 'vitest';

import { calculatePercentEntry, stepPrice } from './percent-entry';
import { sampleContext, sampleTicket } from './ticket-samples';

describe('calculatePercentEntry', () => {
  it('gives a share of the money for a buy, in whole cents rounded down', () => {
    const context = { ...sampleContext, available: { base: '0', quote: '33.339' } };
    expect(calculatePercentEntry(sampleTicket({}), context, 100)).toEqual({ field: 'total', text: '33.33' });
  });

  it('gives a share of the coins for a sale, in whole lots', () => {
    const context = { ...sampleContext, available: { base: '0.00059', quote: '0' } };
    const entry = calculatePercentEntry(sampleTicket({ side: 'sell' }), context, 50);
    expect(entry).toEqual({ field: 'amount', text: '0.0002' });
  });

  it('is zero before the balance is known', () => {
    expect(calculatePercentEntry(sampleTicket({}), { ...sampleContext, available: null }, 25).text).toBe(
      '0.00',
    );
  });
});

describe('stepPrice', () => {
  it('moves by whole ticks', () => {
    expect(stepPrice('99.9', '1', '0.1', 1)).toBe('100');
    expect(stepPrice('100', '1', '0.1', -10)).toBe('99');
  });

  it('starts at the market price when the field is empty', () => {
    expect(stepPrice(null, '100.13', '0.1', 1)).toBe('100.1');
  });

  it('never goes below one tick', () => {
    expect(stepPrice('0.1', '1', '0.1', -1)).toBe('0.1');
  });
});
