import { describe, expect, it } from 'vitest';
import { toMoment } from './ticket-request';
import { amount, sampleContext, sampleTicket, total } from './ticket-samples';
import { calculateTicketSummary } from './ticket-summary';
import type { TicketState } from './types';

const request = (change: Partial<TicketState>) =>
  calculateTicketSummary(sampleTicket(change), sampleContext).request;
const common = { market: 'BTC-USDT', side: 'sell', time_in_force: 'GTC', trigger_by: 'reference', qty: '1' };
const sell = { side: 'sell', entered: amount('1') } as const;

describe('what is sent', () => {
  it('is a stop, a stop-limit or a take-profit with its trigger', () => {
    expect(request({ ...sell, type: 'stop', trigger: '95.0' })).toEqual({
      kind: 'order',
      body: { ...common, type: 'stop', trigger_price: '95' },
    });
    expect(request({ ...sell, type: 'stop_limit', trigger: '95', price: '94.5' })?.body).toEqual({
      ...common,
      type: 'stop_limit',
      trigger_price: '95',
      price: '94.5',
    });
    expect(request({ ...sell, type: 'take_profit', trigger: '120' })?.body).toMatchObject({
      type: 'take_profit',
    });
  });

  it('is a take-profit limit order once a limit is named', () => {
    expect(request({ ...sell, type: 'take_profit', trigger: '120', limitAfter: '119' })?.body).toEqual({
      ...common,
      type: 'take_profit_limit',
      trigger_price: '120',
      price: '119',
    });
  });

  it('is a trailing stop by per cent or by money, from a price on or at once', () => {
    const trailing = { ...sell, type: 'trailing' } as const;
    expect(request({ ...trailing, trail: { unit: 'percent', text: '2.5' } })?.body).toEqual({
      ...common,
      type: 'trailing_stop',
      trail_percent: '2.5',
    });
    expect(
      request({
        ...trailing,
        trail: { unit: 'amount', text: '5' },
        activation: '110',
        triggerBy: 'last_trade',
      })?.body,
    ).toEqual({
      ...common,
      type: 'trailing_stop',
      trail_amount: '5',
      activation_price: '110',
      trigger_by: 'last_trade',
    });
  });

  it('is an OCO of a limit and a stop', () => {
    expect(request({ ...sell, type: 'oco', price: '120', trigger: '95', limitAfter: '94' })).toEqual({
      kind: 'oco',
      body: {
        market: 'BTC-USDT',
        side: 'sell',
        qty: '1',
        take_profit: { type: 'limit', price: '120' },
        stop_loss: { type: 'stop_limit', price: '94', trigger_price: '95', trigger_by: 'reference' },
      },
    });
  });

  it('is a bracket that enters at a limit, or at market where none is named', () => {
    const bracket = { type: 'bracket', target: '120', trigger: '90', entered: amount('1') } as const;
    const exits = {
      take_profit: { type: 'limit', price: '120' },
      stop_loss: { type: 'stop', trigger_price: '90', trigger_by: 'reference' },
    };
    expect(request({ ...bracket, price: '95', postOnly: true })).toEqual({
      kind: 'bracket',
      body: {
        market: 'BTC-USDT',
        side: 'buy',
        qty: '1',
        entry: { type: 'limit', price: '95' },
        ...exits,
        time_in_force: 'GTC',
        post_only: true,
      },
    });
    expect(request(bracket)?.body).toEqual({
      market: 'BTC-USDT',
      side: 'buy',
      qty: '1',
      entry: { type: 'market' },
      ...exits,
    });
  });

  it('carries the options that say something, and no others', () => {
    const body = request({
      price: '90',
      entered: amount('2'),
      timeInForce: 'GTD',
      expires: '2026-12-01T10:00',
      visible: '0.5',
      reduce: true,
      selfTrade: 'decrement',
    })?.body;
    expect(body).toMatchObject({
      time_in_force: 'GTD',
      expires_at: toMoment('2026-12-01T10:00'),
      visible_qty: '0.5',
      reduce_to_available: true,
      self_trade_prevention: 'decrement',
    });
  });

  it('turns a total into coins for everything but a market buy', () => {
    expect(request({ type: 'stop', trigger: '110', entered: total('220') })?.body).toMatchObject({
      qty: '2',
    });
  });

  it('is nothing while a price, the trail or the date is missing', () => {
    expect(request({ type: 'stop', entered: amount('1') })).toBeNull();
    expect(request({ type: 'trailing', entered: amount('1') })).toBeNull();
    expect(request({ price: '90', entered: amount('1'), timeInForce: 'GTD' })).toBeNull();
  });
});

describe('toMoment', () => {
  it("reads the reader's own zone and answers in UTC", () => {
    expect(toMoment('2026-12-01T10:00')).toBe(new Date(2026, 11, 1, 10).toISOString());
    expect(toMoment('')).toBeNull();
    expect(toMoment('soon')).toBeNull();
  });
});
