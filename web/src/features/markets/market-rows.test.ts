import { describe, expect, it } from 'vitest';
import type { Market } from '@/api/types';
import { sampleMarket, sampleTicker } from '@/testing/markets';
import { listQuotes, nextSort, selectMarkets, type MarketFilter, type Sort } from './market-rows';

function market(
  base: string,
  quote: string,
  name: string,
  figures?: [last: string, change: string, volume: string],
  own?: string,
): Market {
  const [last = null, change = null, volume = null] = figures ?? [];
  const outside = { last, change_24h: change, quote_volume_24h: volume };
  const traded = own === undefined ? undefined : { quote_volume_24h: own };
  return sampleMarket({
    symbol: `${base}-${quote}`,
    base,
    quote,
    base_name: name,
    ticker: sampleTicker(outside, traded),
  });
}

const markets = [
  market('BTC', 'USDT', 'Bitcoin', ['65000', '-1.5', '900'], '0.5'),
  market('ETH', 'USDT', 'Ethereum', ['3200', '10.2', '1000']),
  market('ETC', 'USDT', 'Ethereum Classic', ['9.5', '2', '80']),
  market('BTC', 'USD', 'Bitcoin', ['65010', '-1.4', '70']),
  market('NEW', 'USDT', 'New coin'),
];
const all: MarketFilter = { query: '', quote: '', only: null };
const byVolume: Sort = { key: 'volume', descending: true };
const symbols = (filter: Partial<MarketFilter>, sort = byVolume) =>
  selectMarkets(markets, { ...all, ...filter }, sort).map(({ symbol }) => symbol);

describe('selectMarkets', () => {
  it('sorts figures as numbers and puts markets without one last', () => {
    expect(symbols({})).toEqual(['ETH-USDT', 'BTC-USDT', 'ETC-USDT', 'BTC-USD', 'NEW-USDT']);
    expect(symbols({}, { key: 'last', descending: false })).toEqual([
      'ETC-USDT',
      'ETH-USDT',
      'BTC-USDT',
      'BTC-USD',
      'NEW-USDT',
    ]);
  });

  it('keeps what was traded here in a column of its own', () => {
    expect(symbols({}, { key: 'own', descending: true })[0]).toBe('BTC-USDT');
    expect(symbols({}, { key: 'own', descending: false })[0]).toBe('BTC-USDT');
  });

  it('sorts changes by sign', () => {
    expect(symbols({}, { key: 'change', descending: false })[0]).toBe('BTC-USDT');
  });

  it('finds by symbol, name and pair, the closest first', () => {
    expect(symbols({ query: 'eth' })).toEqual(['ETH-USDT', 'ETC-USDT']);
    expect(symbols({ query: 'Ethereum c' })).toEqual(['ETC-USDT']);
    expect(symbols({ query: 'btc/usd' })).toEqual(['BTC-USDT', 'BTC-USD']);
    expect(symbols({ query: 'doge' })).toEqual([]);
  });

  it('keeps to a quote asset and to favourites', () => {
    expect(symbols({ quote: 'USD' })).toEqual(['BTC-USD']);
    expect(symbols({ only: new Set(['ETC-USDT']) })).toEqual(['ETC-USDT']);
  });
});

describe('nextSort', () => {
  it('starts a column of figures with the largest and then turns it', () => {
    expect(nextSort({ key: 'pair', descending: false }, 'volume')).toEqual(byVolume);
    expect(nextSort(byVolume, 'volume')).toEqual({ key: 'volume', descending: false });
    expect(nextSort(byVolume, 'pair')).toEqual({ key: 'pair', descending: false });
  });
});

describe('listQuotes', () => {
  it('names each quote once, the largest first', () => {
    expect(listQuotes([...markets].reverse())).toEqual(['USDT', 'USD']);
  });
});
