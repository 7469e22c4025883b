import { act, screen } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { setPricesRaw, usePrices } from '@/stream/prices-store';
import { sampleMarket, sampleTicker } from '@/testing/markets';
import { renderPage } from '@/testing/render';
import { config, route, server } from '@/testing/server';
import { useFavourites } from './favourites-store';
import { MarketsPage } from './markets-page';

const ticker = (last: string, change: string, volume: string) =>
  sampleTicker({ last, change_24h: change, quote_volume_24h: volume });
const traded = sampleTicker(
  { last: '65000.1', change_24h: '-1.5', quote_volume_24h: '900' },
  { last: '64000', change_24h: '0.3', quote_volume_24h: '0.01' },
);
const markets = [
  sampleMarket({ ticker: ticker('65000.1', '-1.5', '900') }),
  sampleMarket({
    symbol: 'ETH-USDT',
    base: 'ETH',
    base_name: 'Ethereum',
    ticker: ticker('3200', '2', '1000'),
  }),
  sampleMarket({ symbol: 'BTC-USD', quote: 'USD', ticker: ticker('65001', '-1.4', '50') }),
];

async function show() {
  const view = await renderPage(MarketsPage, { texts: ['markets'] });
  await screen.findByRole('link', { name: /^Trade BTC.USDT/ });
  return view;
}
const pairs = () =>
  screen
    .queryAllByRole('link', { name: /^Trade / })
    .map((link) => link.getAttribute('href')?.replace('/trade/', ''));

beforeEach(() => {
  useFavourites.setState({ pairs: [] });
  usePrices.setState({ prices: {} });
  server.use(
    http.get(route('/markets'), () => HttpResponse.json({ items: markets })),
    http.get(route('/crypto'), () => HttpResponse.json({ items: [], next_cursor: null })),
  );
});

describe('MarketsPage', () => {
  it('lists the markets of the main quote asset, the busiest first', async () => {
    await show();
    expect(pairs()).toEqual(['ETH-USDT', 'BTC-USDT']);
  });

  it('says what was traded here beside the figures of the price sources, and keeps the order by these', async () => {
    const own = [sampleMarket({ ticker: traded }), ...markets.slice(1)];
    server.use(http.get(route('/markets'), () => HttpResponse.json({ items: own })));
    await show();
    expect(pairs()).toEqual(['ETH-USDT', 'BTC-USDT']);
    expect(screen.getByRole('link', { name: /^Trade BTC.USDT/ })).toHaveTextContent('65,000.1');
    expect(screen.getByRole('link', { name: /^Trade BTC.USDT/ })).toHaveTextContent('0.01 here');
  });

  it('finds coins by name and explains an empty result', async () => {
    const { pointer } = await show();
    await pointer.type(screen.getByRole('searchbox'), 'bitc');
    expect(pairs()).toEqual(['BTC-USDT']);
    await pointer.type(screen.getByRole('searchbox'), 'zzz');
    expect(screen.getByText('No market matches “bitczzz”')).toBeInTheDocument();
    await pointer.click(screen.getByRole('button', { name: 'Show all markets' }));
    expect(pairs()).toHaveLength(3);
  });

  it('keeps favourites of any quote asset', async () => {
    const { pointer } = await show();
    await pointer.click(screen.getByRole('radio', { name: 'USD' }));
    await pointer.click(screen.getByRole('button', { name: 'Add BTC-USD to favourites' }));
    await pointer.click(screen.getByRole('radio', { name: 'USDT' }));
    await pointer.click(screen.getByRole('button', { name: 'Favourites' }));
    expect(pairs()).toEqual(['BTC-USD']);
  });

  it('follows live prices', async () => {
    await show();
    const live = { last: '64000.2', change_24h: '-3', reference_price: null };
    act(() => setPricesRaw({ at: '', source: config.price_source as never, prices: { 'BTC-USDT': live } }));
    expect(screen.getByRole('link', { name: /^Trade BTC.USDT/ })).toHaveTextContent('64,000.2');
    expect(screen.getByRole('link', { name: /^Trade BTC.USDT/ })).toHaveTextContent('−3.00%');
  });

  it('leads to the trade page', async () => {
    const { pointer } = await show();
    await pointer.click(screen.getByRole('link', { name: /^Trade ETH.USDT/ }));
    expect(screen.getByTestId('elsewhere')).toHaveTextContent('/trade/ETH-USDT');
  });

  it('says so when the list cannot be loaded, and offers to try again', async () => {
    server.use(http.get(route('/markets'), () => HttpResponse.error()));
    await renderPage(MarketsPage, { texts: ['markets'] });
    expect(await screen.findByRole('button', { name: 'Try again' })).toBeInTheDocument();
  });
});
