import { describe, expect, it } from 'vitest';
import { sampleMarket, sampleTicker } from '@/testing/markets';
import { pickMovers } from './movers';

const market = (base: string, change: string | null, quote = 'USDT') =>
  sampleMarket({
    symbol: `${base}-${quote}`,
    base,
    quote,
    ticker: change === null ? null : sampleTicker({ change_24h: change }),
  });
const symbols = (markets: { symbol: string }[]) => markets.map(({ symbol }) => symbol);

describe('pickMovers', () => {
  const markets = [
    market('BTC', '1.5'),
    market('ETH', '-2'),
    market('SOL', '10.25'),
    market('ADA', '0'),
    market('DOT', null),
    market('XRP', '-0.5'),
    market('SOL', '11', 'USD'),
  ];

  it('ranks gains and losses by size, in one quote currency', () => {
    const { gainers, losers } = pickMovers(markets, 'USDT', 3);
    expect(symbols(gainers)).toEqual(['SOL-USDT', 'BTC-USDT']);
    expect(symbols(losers)).toEqual(['ETH-USDT', 'XRP-USDT']);
  });

  it('stops at the count', () => {
    expect(symbols(pickMovers(markets, 'USDT', 1).gainers)).toEqual(['SOL-USDT']);
  });

  it('falls back to all markets, each coin once, where the quote is not traded', () => {
    expect(symbols(pickMovers(markets, 'EUR', 9).gainers)).toEqual(['SOL-USDT', 'BTC-USDT']);
  });

  it('knows no movers among markets that stand still', () => {
    expect(pickMovers([market('ADA', '0')], 'USDT', 3)).toEqual({ gainers: [], losers: [] });
  });
});
