import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { tickerQuery } from '@/api/markets';
import type { Candle } from '@/api/types';
import { sampleMarket, sampleTicker } from '@/testing/markets';
import { CandleLegend } from './candle-legend';
import { MarketStrip } from './market-strip';

beforeAll(() => i18next.loadNamespaces('trade'));

const CANDLE: Candle = {
  open_time: 0,
  open: '1',
  high: '2',
  low: '1',
  close: '2',
  volume: '3',
  quote_volume: null,
  trades: null,
  source: 'reference',
};

const OUTSIDE = { last: '2', change_24h: '1', high_24h: '2', low_24h: '1', volume_24h: '3' };
const OWN = { last: '7', high_24h: '8', low_24h: '6' };

function strip(own?: typeof OWN) {
  const ticker = sampleTicker(OUTSIDE, own);
  const market = sampleMarket({ ticker });
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(tickerQuery(market.symbol).queryKey, ticker);
  render(
    <QueryClientProvider client={client}>
      <MarketStrip market={market} picker={null} />
    </QueryClientProvider>,
  );
}

describe('figures that are not of own trades', () => {
  it('are marked in the strip, and only there', () => {
    strip();
    expect(screen.getByText('Reference')).toHaveAttribute('title', expect.stringContaining('price sources'));
  });

  it('are not marked where the market has traded', () => {
    strip(OWN);
    expect(screen.queryByText('Reference')).toBeNull();
  });

  it('stand beside the last trade here, which is within the day', () => {
    strip(OWN);
    expect(screen.getByTestId('last-price')).toHaveTextContent('7.0');
    expect(screen.getByText('Reference price').nextSibling).toHaveTextContent('2.0');
    expect(screen.getByText('24 h high').nextSibling).toHaveTextContent('8.0');
  });

  it('are marked in the legend of a candle', () => {
    const { rerender } = render(<CandleLegend candle={CANDLE} market={sampleMarket()} />);
    expect(screen.getByText('Reference')).toBeVisible();
    rerender(<CandleLegend candle={{ ...CANDLE, source: 'trades' }} market={sampleMarket()} />);
    expect(screen.queryByText('Reference')).toBeNull();
  });
});
