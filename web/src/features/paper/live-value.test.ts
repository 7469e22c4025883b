import { describe, expect, it } from 'vitest';
import { calculateLiveValue } from './live-value';

const item = (asset: string, total: string, price: string) => ({
  asset,
  mirrors: asset.slice(5),
  name: asset,
  available: total,
  held: '0',
  total,
  price_usd: price,
  value_usd: null,
});
const paper = { items: [item('PAPERUSDT', '100', '1')], seq: 5, start_amount: '100' };
const news = (asset: string, available: string, seq: number) => ({
  asset,
  available,
  held: '0',
  seq,
  user_seq: 1,
});
const prices = (asset: string) => (asset === 'USDT' ? '1' : asset === 'BTC' ? '50' : null);

describe('the live value of play money', () => {
  it('follows fills and prices', () => {
    const live = { PAPERUSDT: news('PAPERUSDT', '40', 6), PAPERBTC: news('PAPERBTC', '1', 6) };
    expect(calculateLiveValue(paper, live, prices)).toEqual({ total: '90', profit: '-10' });
  });

  it('believes neither old news nor real money', () => {
    const live = { PAPERUSDT: news('PAPERUSDT', '7', 5), BTC: news('BTC', '3', 9) };
    expect(calculateLiveValue(paper, live, prices)).toEqual({ total: '100', profit: '0' });
  });

  it('keeps the fetched price where no newer one is known', () => {
    const held = { ...paper, items: [item('PAPERETH', '2', '30')] };
    expect(calculateLiveValue(held, {}, () => null).total).toBe('60');
  });
});
