import { act, screen, waitFor, within } from '@testing-library/react';
import { delay, http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '@/api/types';
import { addOrderRaw, useAccount } from '@/stream/account-store';
import { sampleMarket } from '@/testing/markets';
import { renderPage } from '@/testing/render';
import { refuse, route, server } from '@/testing/server';
import { OrdersPanel } from './orders-panel';

const market = sampleMarket();
const order: Order = {
  id: '7',
  client_order_id: 'web-7',
  market: 'BTC-USDT',
  side: 'buy',
  type: 'limit',
  time_in_force: 'GTC',
  post_only: false,
  price: '90',
  qty: '2',
  total: null,
  filled: '0.5',
  remaining: '1.5',
  spent: '45',
  average_price: '90',
  fee: '0',
  fee_asset: 'BTC',
  status: 'partially_filled',
  reason: 'none',
  fee_rate: '0',
  trigger_price: null,
  trigger_by: null,
  trail_amount: null,
  trail_percent: null,
  activation_price: null,
  visible_qty: null,
  reduce_to_available: false,
  expires_at: null,
  group_id: null,
  role: null,
  triggered_at: null,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  seq: 1,
};

const show = async () => {
  const view = await renderPage(() => <OrdersPanel market={market} markets={[market]} />, {
    texts: ['trade'],
  });
  await screen.findByText('2.0000 @ 90.0');
  return view;
};
const cancelButton = () => screen.queryByRole('button', { name: 'Cancel: Buy 2.0000 BTC at 90.0' });

beforeEach(() => {
  document.cookie = 'csrf_token=csrf';
  useAccount.setState({ orders: {}, fills: [], balances: {} });
  server.use(http.get(route('/orders'), () => HttpResponse.json({ items: [order], next_cursor: null })));
});

describe('OrdersPanel', () => {
  it('lists open orders with how much is filled', async () => {
    await show();
    expect(screen.getByText('25%')).toBeInTheDocument();
    expect(screen.getByRole('tab', { name: 'Open orders (1)' })).toBeInTheDocument();
  });

  it('takes a cancelled order from the list at once', async () => {
    server.use(
      http.delete(route('/orders/7'), async () => {
        await delay(50);
        return HttpResponse.json({ ...order, status: 'cancelled', seq: 2 });
      }),
    );
    const { pointer } = await show();
    await pointer.click(cancelButton() ?? document.body);
    expect(cancelButton()).toBeNull();
    await delay(80);
    expect(cancelButton()).toBeNull();
  });

  it('brings it back and says why when the exchange refuses', async () => {
    server.use(http.delete(route('/orders/7'), () => refuse(409, 'MARKET_HALTED', 'The market is halted.')));
    const { pointer } = await show();
    await pointer.click(cancelButton() ?? document.body);
    expect(await screen.findByText(/^This market is halted/)).toBeInTheDocument();
    expect(cancelButton()).toBeInTheDocument();
  });

  it('asks before it cancels everything', async () => {
    server.use(http.delete(route('/orders'), () => HttpResponse.json({ cancelled: ['7'] })));
    const { pointer } = await show();
    await pointer.click(screen.getByRole('button', { name: 'Cancel all' }));
    const dialog = within(screen.getByRole('dialog'));
    await pointer.click(dialog.getByRole('button', { name: 'Cancel all orders' }));
    await waitFor(() => expect(cancelButton()).toBeNull());
    expect(screen.getByText('No open orders')).toBeInTheDocument();
  });

  it('follows the stream', async () => {
    await show();
    act(() => addOrderRaw({ ...order, status: 'filled', filled: '2', seq: 9 }));
    expect(cancelButton()).toBeNull();
  });
});
