import { describe, expect, it } from 'vitest';
import { isPaper, paperOf, realOf } from './paper';

describe('paper symbols', () => {
  it('lead from a real market to its paper and back', () => {
    expect(paperOf('BTC-USDT')).toBe('PAPERBTC-PAPERUSDT');
    expect(realOf('PAPERBTC-PAPERUSDT')).toBe('BTC-USDT');
    expect(paperOf(paperOf('BTC'))).toBe('PAPERBTC');
    expect(realOf('ETH')).toBe('ETH');
  });

  it('are told apart', () => {
    expect([isPaper('PAPERBTC'), isPaper('PAPERBTC-PAPERUSDT'), isPaper('BTC-USDT')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
