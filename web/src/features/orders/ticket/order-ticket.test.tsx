import { screen, waitFor } from '@testing-library/react';
import { delay, http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Order } from '@/api/types';
import { useAccount } from '@/stream/account-store';
import { sampleMarket } from '@/testing/markets';
import { renderPage } from '@/testing/render';
import { refuse, route, server } from '@/testing/server';
import { OrderTicket } from './order-ticket';
import { samplePreview as preview } from './ticket-samples';
import { dispatchTicket, openTicket, useTicket } from './ticket-store';
import type { TicketContext } from './types';

const market = sampleMarket();
const book: TicketContext['book'] = { bids: [['99.9', '5']], asks: [['100', '5']] };
const placed: Partial<Order> = {
  id: '7',
  status: 'open',
  side: 'buy',
  price: '90',
  qty: '1',
  filled: '0',
  seq: 5,
};

type Body = { client_order_id: string } & Record<string, unknown>;

/** Answers POST /orders with each of `answers` in turn and keeps what was sent. */
function answerOrders(...answers: (() => Response | Promise<Response>)[]): Body[] {
  const sent: Body[] = [];
  server.use(
    http.post(route('/orders'), async ({ request }) => {
      sent.push((await request.json()) as Body);
      return (answers.shift() ?? (() => HttpResponse.json(placed, { status: 201 })))();
    }),
  );
  return sent;
}

async function show(props: { priceStale?: boolean; onDone?: () => void } = {}) {
  const Ticket = () => (
    <OrderTicket market={market} book={book} lastTrade={null} lastPrice="100" priceStale={false} {...props} />
  );
  const view = await renderPage(Ticket, { texts: ['trade'] });
  await screen.findByText('1,000.00 USDT', { exact: false });
  return view;
}

const button = (name = 'Buy BTC') => screen.getByRole('button', { name });
const field = (name: string) => screen.getByRole('textbox', { name });

beforeEach(() => {
  localStorage.clear();
  useAccount.setState({ orders: {}, fills: [], balances: {} });
  useTicket.setState(useTicket.getInitialState());
  openTicket('BTC-USDT', '90');
  const items = [
    { asset: 'BTC', available: '2', held: '0' },
    { asset: 'USDT', available: '1000', held: '0' },
  ];
  server.use(
    http.post(route('/orders/preview'), () => refuse(503, 'OVERLOADED', 'Busy.')),
    http.get(route('/wallet/balance'), () =>
      HttpResponse.json({ items, seq: 1, total_value_usd: '0', at: '' }),
    ),
  );
});

describe('OrderTicket', () => {
  it('says what is missing and cannot be sent before', async () => {
    const sent = answerOrders();
    const { pointer } = await show();
    expect(screen.getByText('Enter an amount')).toBeInTheDocument();
    await pointer.click(button());
    expect(sent).toEqual([]);
  });

  it('says in one sentence what it will do and then does exactly that', async () => {
    const sent = answerOrders();
    const onDone = vi.fn();
    const { pointer } = await show({ onDone });
    await pointer.type(field('Amount'), '1.5');
    expect(screen.getByTestId('order-sentence')).toHaveTextContent(
      'Buy 1.5 BTC for at most 135.00 USDT, fee 0.0015 BTC.',
    );
    await pointer.click(button());
    await waitFor(() => expect(onDone).toHaveBeenCalled());
    expect(sent[0]).toMatchObject({
      market: 'BTC-USDT',
      side: 'buy',
      type: 'limit',
      price: '90',
      qty: '1.5',
    });
    expect(field('Amount')).toHaveValue('');
  });

  it('links amount and total', async () => {
    const { pointer } = await show();
    await pointer.type(field('Total'), '450');
    expect(field('Amount')).toHaveValue('5');
    await pointer.click(screen.getByRole('button', { name: '50 % of your USDT' }));
    expect(field('Total')).toHaveValue('500.00');
    expect(field('Amount')).toHaveValue('5.5555');
  });

  it('keeps the key when it repeats an order whose outcome is unknown', async () => {
    const sent = answerOrders(() => HttpResponse.error());
    const { pointer } = await show();
    await pointer.type(field('Amount'), '1');
    await pointer.click(button());
    await waitFor(() => expect(sent).toHaveLength(2), { timeout: 3_000 });
    expect(sent[1]?.client_order_id).toBe(sent[0]?.client_order_id);
  });

  it('gives each new intent a key of its own', async () => {
    const sent = answerOrders();
    const { pointer } = await show();
    for (const count of [1, 2]) {
      await pointer.type(field('Amount'), '1');
      await pointer.click(button());
      await waitFor(() => expect(sent).toHaveLength(count));
      await waitFor(() => expect(field('Amount')).toHaveValue(''));
    }
    expect(sent[1]?.client_order_id).not.toBe(sent[0]?.client_order_id);
  });

  it('is sending until the exchange has answered', async () => {
    answerOrders(async () => {
      await delay(150);
      return HttpResponse.json(placed, { status: 201 });
    });
    const { pointer } = await show();
    await pointer.type(field('Amount'), '1');
    await pointer.click(button());
    expect(button('Sending')).toBeDisabled();
    expect(await screen.findByRole('button', { name: 'Buy BTC' })).toBeEnabled();
  });

  it('explains a refusal and keeps what was typed', async () => {
    answerOrders(() => refuse(422, 'INSUFFICIENT_FUNDS', 'You have 1 USDT and need 90.'));
    const { pointer } = await show();
    await pointer.type(field('Amount'), '1');
    await pointer.click(button());
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /^Your available balance does not cover this.*kept\.$/,
    );
    expect(field('Amount')).toHaveValue('1');
  });

  it('steps the price by ticks with buttons and arrow keys', async () => {
    const { pointer } = await show();
    await pointer.click(screen.getByRole('button', { name: 'Raise the price by one step' }));
    expect(field('Price')).toHaveValue('90.1');
    await pointer.type(field('Price'), '{Shift>}{ArrowDown}{/Shift}');
    expect(field('Price')).toHaveValue('89.1');
  });

  it('refuses a market order on stale prices, and says why', async () => {
    const { pointer } = await show({ priceStale: true });
    await pointer.click(screen.getByRole('button', { name: 'Market' }));
    expect(screen.getByText(/^Prices are stale/)).toBeInTheDocument();
  });

  it('takes a price picked elsewhere on the page', async () => {
    await show();
    dispatchTicket({ kind: 'picked', price: '88.8' });
    await waitFor(() => expect(field('Price')).toHaveValue('88.8'));
  });

  it('shows what the exchange says it would do, once it has said so', async () => {
    const asked: unknown[] = [];
    server.use(
      http.post(route('/orders/preview'), async ({ request }) => {
        asked.push(await request.json());
        return HttpResponse.json(preview);
      }),
    );
    const { pointer } = await show();
    await pointer.click(button('Market'));
    await pointer.type(field('Amount'), '2');
    const shown = screen.getByTestId('order-preview');
    await waitFor(() => expect(shown).toHaveAttribute('data-from', 'exchange'), {
      timeout: 5_000,
    });
    expect(shown).toHaveTextContent('Est. average100.7 · 0.7 % from best');
    expect(shown).toHaveTextContent('Fee 0.08 % 0.0016 BTCOrder total201.40 USDT');
    expect(shown).toHaveTextContent('Afterwards3.9984 BTC798.60 USDT');
    expect(asked).toEqual([
      { market: 'BTC-USDT', side: 'buy', type: 'market', time_in_force: 'IOC', qty: '2' },
    ]);
  });

  it('says what the exchange would refuse before it is sent', async () => {
    const refusal = { code: 'NO_LIQUIDITY', message: 'Nobody.' };
    server.use(http.post(route('/orders/preview'), () => HttpResponse.json({ ...preview, refusal })));
    const { pointer } = await show();
    await pointer.type(field('Amount'), '2');
    expect(
      await screen.findByText(/There is nobody to trade with/, {}, { timeout: 5_000 }),
    ).toBeInTheDocument();
  });

  it('shows what both orders of an OCO would hold and cost', async () => {
    const one = { ...preview, filled_qty: '0', average_price: null, total: '0', resting_qty: '1' };
    const orders = [
      { ...one, role: 'take_profit', fee: '0', fee_rate: '0.001', rest_fee: '0.001', hold: '80' },
      { ...one, role: 'stop_loss', fee: '0', fee_rate: '0.0015', rest_fee: '0.0015', hold: '35' },
    ];
    server.use(http.post(route('/orders/oco/preview'), () => HttpResponse.json({ ...preview, orders })));
    const { pointer } = await show();
    await pointer.click(button('OCO'));
    await pointer.type(field('Stop'), '110');
    await pointer.type(field('Amount'), '1');
    const shown = screen.getByTestId('order-preview');
    await waitFor(() => expect(shown).toHaveTextContent('/ 0.0015 BTC'), { timeout: 5_000 });
    expect(shown).toHaveTextContent(/Fee 0.1 % \/ 0.15 % 0.001.*115.00 USDT held/);
  });

  it('sends both orders of an OCO under one key', async () => {
    const sent: Body[] = [];
    server.use(
      http.post(route('/orders/oco'), async ({ request }) => {
        sent.push((await request.json()) as Body);
        return HttpResponse.json(
          { group_id: '7', orders: [placed, { ...placed, id: '8' }] },
          { status: 201 },
        );
      }),
    );
    const { pointer } = await show();
    await pointer.click(button('Sell'));
    await pointer.click(button('OCO'));
    await pointer.clear(field('Target'));
    await pointer.type(field('Target'), '120');
    await pointer.type(field('Stop'), '80');
    await pointer.type(field('Amount'), '1');
    expect(screen.getByTestId('order-sentence')).toHaveTextContent(
      'Sell 1 BTC at 120 USDT or better, or at market when the price falls to 80 USDT; the first to trade cancels the other.',
    );
    await pointer.click(button('Sell BTC'));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({
      qty: '1',
      take_profit: { price: '120' },
      stop_loss: { trigger_price: '80' },
    });
    expect(await screen.findByText('Target and stop placed')).toBeInTheDocument();
  });
});
