import { describe, expect, it } from 'vitest';
import type { WalletBalance } from '@/api/types';
import { formatBalance, pickBalance } from './balance';

const fetched = {
  items: [{ asset: 'USDT', available: '100', held: '5' }],
  seq: 10,
} as WalletBalance;

describe('pickBalance', () => {
  it('is unknown before the first answer', () => {
    expect(pickBalance(undefined, {}, 'USDT')).toBeNull();
  });

  it('takes the newer of answer and stream', () => {
    const live = (seq: number) => ({ USDT: { asset: 'USDT', available: '90', held: '15', seq } });
    expect(pickBalance(fetched, live(11), 'USDT')?.available).toBe('90');
    expect(pickBalance(fetched, live(9), 'USDT')?.available).toBe('100');
  });

  it('knows a coin bought for the first time from the stream', () => {
    const live = { BTC: { asset: 'BTC', available: '1', held: '0', seq: 10 } };
    expect(pickBalance(fetched, live, 'BTC')?.available).toBe('1');
  });

  it('is zero for an asset never held', () => {
    expect(pickBalance(fetched, {}, 'ETH')).toEqual({ available: '0', held: '0' });
  });
});

describe('formatBalance', () => {
  const market = { quote: 'USDT', qty_decimals: 4 };

  it('never rounds up', () => {
    expect(formatBalance('9.999', 'USDT', market)).toBe('9.99');
    expect(formatBalance('0.123456789', 'BTC', market)).toBe('0.12345678');
  });

  it('keeps the steps of the market in line', () => {
    expect(formatBalance('1', 'BTC', market)).toBe('1.0000');
    expect(formatBalance(undefined, 'BTC', market)).toBe('–');
  });
});
