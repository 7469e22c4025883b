import { describe, expect, it } from 'vitest';
import { calculateSourceRows, formatSpan } from './source-rows';

describe('the sources of the price', () => {
  it('have an age in the unit a reader would choose', () => {
    expect([840, 9_940, 45_000, 200_000, 7_300_000].map((ms) => formatSpan(ms, 'en'))).toEqual([
      '0.8 sec',
      '9.9 sec',
      '45 sec',
      '3 min',
      '2 hr',
    ]);
  });

  it('keep the order of the server, and say nothing of an age that there is not', () => {
    const rows = calculateSourceRows(
      [
        { name: 'Kraken', status: 'used', age_ms: 500, markets: 22 },
        { name: 'CoinCap', status: 'starting', age_ms: null, markets: 0 },
      ],
      'en',
    );
    expect(rows.map(({ name, tone, age }) => [name, tone, age])).toEqual([
      ['Kraken', 'buy', '0.5 sec'],
      ['CoinCap', 'neutral', ''],
    ]);
  });
});
