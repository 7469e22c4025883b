import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Market } from '@/api/types';
import { sampleMarket } from '@/testing/markets';
import { renderPage } from '@/testing/render';
import MarketInfo from './market-info';

const show = (change: Partial<Market>) =>
  renderPage(() => <MarketInfo market={sampleMarket(change)} />, { texts: ['trade'] });
const fact = (name: string) => screen.getByText(name).parentElement;

describe('MarketInfo', () => {
  it('says in words when trading stops by itself and what is planned', async () => {
    await show({
      band_percent: '20',
      band_seconds: 300,
      halt_seconds: null,
      scheduled: { status: 'cancel_only', at: '2026-11-22T18:00:00.000Z' },
    });
    expect(fact('Price band')).toHaveTextContent(
      'A move of more than 20 % within 5 minutes halts trading until the exchange opens it again',
    );
    expect(fact('Next change')).toHaveTextContent(/Nov.*Cancel-only/);
    expect(fact('Market orders')).toHaveTextContent('at most 5 % away from the reference price');
  });

  it('lists what may be ordered here, and apart from it what may not', async () => {
    await show({ order_types: ['market', 'limit', 'iceberg'] });
    expect(fact('Order types')).toHaveTextContent('Order typesMarketLimitIceberg (part of it shown)');
    expect(fact('Not taken here')).toHaveTextContent('OCO and bracket');
    expect(fact('Price band')).toHaveTextContent('None');
  });

  it('tells the steps, the sizes and the market’s own rates', async () => {
    await show({ min_notional: '5', maker_fee: '0.001', taker_fee: '0.0015' });
    expect(fact('Smallest order')).toHaveTextContent('5 USDT');
    expect(fact('Price step')).toHaveTextContent('0.1 USDT');
    expect(screen.getByText('Maker fee').closest('div')).toHaveTextContent('0.1 %');
    expect(screen.getByText('Taker fee').closest('div')).toHaveTextContent('0.15 %');
  });
});
