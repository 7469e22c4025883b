import { screen } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { sampleMarket } from '@/testing/markets';
import { renderPage } from '@/testing/render';
import { refuse, route, server } from '@/testing/server';
import { Component } from './trade';

const show = (at: string) => renderPage(Component, { path: '/trade/:pair', at, texts: ['trade', 'markets'] });

describe('trade page', () => {
  it('knows when there is no such market, and leads to those there are', async () => {
    server.use(http.get(route('/markets'), () => HttpResponse.json({ items: [sampleMarket()] })));
    const { pointer } = await show('/trade/NOPE-USDT');
    expect(await screen.findByText('There is no market NOPE-USDT')).toBeInTheDocument();
    await pointer.click(screen.getByRole('link', { name: 'See all markets' }));
    expect(screen.getByTestId('elsewhere')).toHaveTextContent('/markets');
  });

  it('says so when the markets cannot be loaded, and tries again', async () => {
    server.use(http.get(route('/markets'), () => refuse(400, 'BROKEN', 'Out of order.')));
    const { pointer } = await show('/trade/BTC-USDT');
    expect(await screen.findByText(/Out of order\.$/)).toBeInTheDocument();
    server.use(http.get(route('/markets'), () => HttpResponse.json({ items: [] })));
    await pointer.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('There is no market BTC-USDT')).toBeInTheDocument();
  });
});
