import { screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { setBalanceRaw, useAccount } from '@/stream/account-store';
import { renderPage } from '@/testing/render';
import { refuse, route, server } from '@/testing/server';
import { Component as Dashboard } from './dashboard';
import { Component as Transactions } from './transactions';
import { Component as Wallet } from './wallet';

const at = '2026-11-21T00:00:00.000Z';
const usdt = {
  asset: 'USDT',
  name: 'Tether',
  available: '9000',
  held: '1000',
  total: '10000',
  price_usd: '1',
  value_usd: '10000.00',
};
const wallet = (items: object[]) => ({ items, total_value_usd: '10000.00', seq: 5, at });
const emptyPortfolio = {
  total_value_usd: '0.00',
  change_24h_usd: '0.00',
  change_24h_percent: '0.00',
  allocation: [],
  holdings: [],
  history: [],
  at,
};

beforeEach(() => {
  useAccount.setState(useAccount.getInitialState(), true);
  server.use(
    http.get(route('/markets'), () => HttpResponse.json({ items: [] })),
    http.get(route('/orders'), () => HttpResponse.json({ items: [], next_cursor: null })),
    http.get(route('/wallet/balance'), () => HttpResponse.json(wallet([usdt]))),
    http.get(route('/portfolio'), () => HttpResponse.json(emptyPortfolio)),
    http.get(route('/transactions'), () => HttpResponse.json({ items: [], next_cursor: null })),
  );
});

describe('wallet', () => {
  it('shows available, held and value, and follows the stream without a reload', async () => {
    await renderPage(Wallet, { path: '/wallet', texts: ['wallet'] });
    const row = await screen.findByRole('row', { name: /USDT/ });
    expect(row).toHaveTextContent('9,000.00000000');
    expect(screen.getByTestId('wallet-total')).toHaveTextContent('$10,000.00');
    setBalanceRaw({ asset: 'USDT', available: '8000', held: '1000', seq: 6 });
    await waitFor(() => expect(row).toHaveTextContent('8,000.00000000'));
    expect(screen.getByTestId('wallet-total')).toHaveTextContent('$9,000.00');
  });

  it('says before the faucet what will happen, and repeats a claim of unknown outcome under the same key', async () => {
    const keys: (string | null)[] = [];
    server.use(
      http.post(route('/wallet/faucet'), ({ request }) => {
        keys.push(request.headers.get('Idempotency-Key'));
        if (keys.length === 1) return HttpResponse.error();
        return HttpResponse.json({ asset: 'USDT', amount: '10000', seq: 7 }, { status: 201 });
      }),
    );
    const { pointer } = await renderPage(Wallet, { path: '/wallet', texts: ['wallet'] });
    await pointer.click(await screen.findByRole('button', { name: 'Get test money' }));
    const dialog = await screen.findByRole('dialog', { name: 'Test faucet' });
    expect(dialog).toHaveTextContent('You receive 10,000 USDT as available balance at once');
    await pointer.click(within(dialog).getByRole('button', { name: /^Get 10,000/ }));
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('could not be reached');
    await pointer.click(within(dialog).getByRole('button', { name: /^Get 10,000/ }));
    expect(await screen.findByText(/10,000.00 USDT arrived/)).toBeVisible();
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  it('offers another try when the balances cannot be loaded', async () => {
    let answers = 0;
    server.use(
      http.get(route('/wallet/balance'), () => {
        answers += 1;
        return answers === 1
          ? refuse(403, 'AUTHORIZATION_ERROR', 'Not now.')
          : HttpResponse.json(wallet([usdt]));
      }),
    );
    const { pointer } = await renderPage(Wallet, { path: '/wallet', texts: ['wallet'] });
    await pointer.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('row', { name: /USDT/ })).toBeVisible();
  });
});

describe('dashboard', () => {
  it('teaches the next step when there is nothing yet', async () => {
    await renderPage(Dashboard, { path: '/dashboard', texts: ['portfolio', 'transactions', 'wallet'] });
    expect(await screen.findByText('Nothing here yet')).toBeVisible();
    expect(await screen.findByRole('button', { name: 'Get test money' })).toBeEnabled();
  });
});

describe('transactions', () => {
  it('shows both sides of a trade and keeps the filter in the address', async () => {
    const trade = {
      id: '9:0:x',
      type: 'trade_buy',
      asset: 'BTC',
      amount: '0.02',
      market: 'BTC-USDT',
      order_id: '7',
      price: '64000',
      quote_asset: 'USDT',
      quote_amount: '-1280',
      fee: '0.00002',
      fee_asset: 'BTC',
      ref: '',
      created_at: at,
      seq: 9,
    };
    const asked: string[] = [];
    server.use(
      http.get(route('/transactions'), ({ request }) => {
        asked.push(new URL(request.url).searchParams.get('type') ?? 'all');
        return HttpResponse.json({ items: [trade], next_cursor: null });
      }),
    );
    const { pointer, router } = await renderPage(Transactions, {
      path: '/transactions',
      texts: ['transactions'],
    });
    const row = await screen.findByRole('row', { name: /Buy/ });
    expect(row).toHaveTextContent('+0.02 BTC');
    expect(row).toHaveTextContent('−1,280.00 USDT');
    await pointer.click(screen.getByRole('combobox', { name: 'Kind' }));
    await pointer.click(await screen.findByRole('option', { name: 'Deposit' }));
    await waitFor(() => expect(asked).toContain('deposit'));
    expect(router.state.location.search).toBe('?type=deposit');
  });
});
