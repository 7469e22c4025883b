import { act, screen, waitFor, within } from '@testing-library/react';
import { delay, http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { addOrderRaw, useAccount } from '@/stream/account-store';
import { sampleMarket } from '@/testing/markets';
import { sampleOrder } from '@/testing/orders';
import { renderPage } from '@/testing/render';
import { refuse, route, server } from '@/testing/server';
import { OrdersPanel } from './orders-panel';

const market = sampleMarket();
const order = sampleOrder({
  filled: '0.5',
  remaining: '1.5',
  spent: '45',
  average_price: '90',
  status: 'partially_filled',
});

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

  it('changes an order where it stands, and says what that does to its place', async () => {
    const sent: unknown[] = [];
    server.use(
      http.patch(route('/orders/7'), async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json({ ...order, qty: '1', seq: 5 });
      }),
    );
    const { pointer } = await show();
    await pointer.click(screen.getByRole('button', { name: 'Change: Buy 2.0000 BTC at 90.0' }));
    const form = within(screen.getByRole('form', { name: 'Change the order' }));
    const amount = form.getByRole('textbox', { name: 'Amount' });
    await pointer.clear(amount);
    await pointer.type(amount, '0.3');
    expect(form.getByRole('status')).toHaveTextContent('0.5 have traded already');
    await pointer.clear(amount);
    await pointer.type(amount, '1');
    expect(form.getByRole('status')).toHaveTextContent('keeps its place');
    await pointer.keyboard('{Enter}');
    expect(await screen.findByText('1.0000 @ 90.0')).toBeInTheDocument();
    expect(sent).toEqual([{ qty: '1' }]);
    expect(screen.queryByRole('form', { name: 'Change the order' })).toBeNull();
  });

  it('leaves the order as it was when the exchange refuses the change, and says why', async () => {
    server.use(http.patch(route('/orders/7'), () => refuse(409, 'MARKET_HALTED', 'The market is halted.')));
    const { pointer } = await show();
    await pointer.click(screen.getByRole('button', { name: /^Change: / }));
    await pointer.type(screen.getByRole('textbox', { name: 'Price' }), '1');
    await pointer.keyboard('{Enter}');
    expect(await screen.findByText(/^This market is halted/)).toBeInTheDocument();
    await pointer.keyboard('{Escape}');
    expect(screen.getByText('2.0000 @ 90.0')).toBeInTheDocument();
  });

  it('shows what a waiting order waits for', async () => {
    await show();
    const stop = { type: 'stop', price: null, trigger_price: '80', side: 'sell', status: 'waiting' } as const;
    act(() => addOrderRaw(sampleOrder({ id: '8', seq: 3, ...stop })));
    expect(screen.getByText('when the price falls to')).toBeInTheDocument();
    expect(screen.getByText('Waiting')).toBeInTheDocument();
  });

  it('tells the story of an order, with the book as it was', async () => {
    const step = { seq: 41, at: '2026-01-01T00:00:00Z', text: 'In another way.', trades: [] };
    const values = { type: 'limit', qty: '1', base: 'BTC', price: '90', quote: 'USDT' };
    const said = [{ code: 'placed_buy_at', values }];
    const book = { bids: [['89', '1']], asks: [['91', '2']] };
    server.use(
      http.get(route('/orders/7/explain'), () =>
        HttpResponse.json({ order, steps: [{ ...step, said, kind: 'placed', book }], complete: true }),
      ),
    );
    const { pointer } = await show();
    await pointer.click(screen.getByRole('button', { name: /^What happened: / }));
    expect(
      await screen.findByText('A limit order was placed to buy 1 BTC at 90 USDT or better.'),
    ).toBeInTheDocument();
    await pointer.click(screen.getByText('The book at that moment'));
    expect(screen.getByText('91.0')).toBeInTheDocument();
  });

  it('goes on with a story while the journal is being read', async () => {
    const said = [{ code: 'unheard_of', values: {} }];
    const step = { seq: 41, at: '2026-01-01T00:00:00Z', kind: 'placed', trades: [], book: null, said };
    const answers = [
      { order, steps: [], complete: false, pending: true, reached_at: '2026-01-01T00:00:00Z' },
      { order, steps: [{ ...step, text: 'A limit order was placed.' }], complete: true, pending: false },
    ];
    server.use(http.get(route('/orders/7/explain'), () => HttpResponse.json(answers.shift())));
    const { pointer } = await show();
    await pointer.click(screen.getByRole('button', { name: /^What happened: / }));
    expect(await screen.findByText(/^The journal is still being read/)).toBeInTheDocument();
    expect(await screen.findByText('A limit order was placed.', {}, { timeout: 5_000 })).toBeInTheDocument();
    expect(screen.queryByText(/^The journal is still being read/)).not.toBeInTheDocument();
  });
});
