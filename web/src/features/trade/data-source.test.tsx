import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Candle, Ticker } from '@/api/types';
import { sampleMarket } from '@/testing/markets';
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

const TICKER: Ticker = {
  market: 'BTC-USDT',
  last: '2',
  change_24h: '1',
  high_24h: '2',
  low_24h: '1',
  volume_24h: '3',
  quote_volume_24h: '6',
  trades_24h: null,
  stats_source: 'reference',
  bid: null,
  ask: null,
  reference_price: '2',
  source: 'live',
  at: '2026-01-01T00:00:00.000Z',
};

function strip(stats_source: Ticker['stats_source']) {
  const market = sampleMarket({ ticker: { ...TICKER, stats_source } });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MarketStrip market={market} picker={null} />
    </QueryClientProvider>,
  );
}

describe('figures that are not of own trades', () => {
  it('are marked in the strip, and only there', () => {
    strip('reference');
    expect(screen.getByText('Reference')).toHaveAttribute('title', expect.stringContaining('price sources'));
  });

  it('are not marked where the market has traded', () => {
    strip('trades');
    expect(screen.queryByText('Reference')).toBeNull();
  });

  it('are marked in the legend of a candle', () => {
    const { rerender } = render(<CandleLegend candle={CANDLE} market={sampleMarket()} />);
    expect(screen.getByText('Reference')).toBeVisible();
    rerender(<CandleLegend candle={{ ...CANDLE, source: 'trades' }} market={sampleMarket()} />);
    expect(screen.queryByText('Reference')).toBeNull();
  });
});
