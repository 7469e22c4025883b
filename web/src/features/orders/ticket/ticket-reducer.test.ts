import { describe, expect, it } from 'vitest';

import { EMPTY_TICKET, reduceTicket, type TicketAction } from './ticket-reducer';

const after = (...actions: TicketAction[]) => actions.reduce(reduceTicket, EMPTY_TICKET);

describe('reduceTicket', () => {
  it('lets the field typed last lead', () => {
    const state = after({ kind: 'amount', amount: '1' }, { kind: 'total', total: '50' });
    expect(state.entered).toEqual({ field: 'total', text: '50' });
  });

  it('turns a market ticket into a limit one when a price is picked from the book', () => {
    const state = after({ kind: 'type', type: 'market' }, { kind: 'picked', price: '100' });
    expect([state.type, state.price]).toEqual(['limit', '100']);
  });

  it('forgets post-only and time in force for a market order', () => {
    const state = after({ kind: 'options', options: { postOnly: true } }, { kind: 'type', type: 'market' });
    expect([state.postOnly, state.timeInForce]).toEqual([false, 'GTC']);
  });

  it('never combines post-only with an order that may not rest', () => {
    expect(
      after(
        { kind: 'options', options: { postOnly: true } },
        { kind: 'options', options: { timeInForce: 'IOC' } },
      ).postOnly,
    ).toBe(false);
    expect(
      after(
        { kind: 'options', options: { timeInForce: 'FOK' } },
        { kind: 'options', options: { postOnly: true } },
      ).timeInForce,
    ).toBe('GTC');
  });

  it('forgets which percentage was pressed once the amount is edited', () => {
    const pressed = after({ kind: 'percent', percent: 50, field: 'total', text: '500' });
    expect(pressed.percent).toBe(50);
    expect(reduceTicket(pressed, { kind: 'total', total: '501' }).percent).toBeNull();
  });

  it('drops a share of one balance when the side changes, but keeps what was typed', () => {
    const pressed = after(
      { kind: 'percent', percent: 50, field: 'total', text: '500' },
      { kind: 'side', side: 'sell' },
    );
    expect(pressed.entered.text).toBe('');
    expect(after({ kind: 'amount', amount: '2' }, { kind: 'side', side: 'sell' }).entered.text).toBe('2');
  });

  it('keeps the price and clears the amount after sending', () => {
    const state = after(
      { kind: 'price', field: 'price', price: '100' },
      { kind: 'amount', amount: '2' },
      { kind: 'sent' },
    );
    expect([state.price, state.entered.text]).toEqual(['100', '']);
  });

  it('puts a picked price where the type has use for it', () => {
    const stop = after({ kind: 'type', type: 'stop' }, { kind: 'picked', price: '95' });
    expect([stop.type, stop.trigger, stop.price]).toEqual(['stop', '95', '']);
    const bracket = after({ kind: 'type', type: 'bracket' }, { kind: 'picked', price: '95' });
    expect([bracket.type, bracket.price]).toEqual(['bracket', '95']);
  });

  it('keeps what a new type can have and drops what it cannot', () => {
    const dated = after({
      kind: 'options',
      options: { timeInForce: 'GTD', expires: '2026-12-01T10:00', reduce: true },
    });
    expect(reduceTicket(dated, { kind: 'type', type: 'stop' })).toMatchObject({
      timeInForce: 'GTD',
      reduce: true,
    });
    expect(reduceTicket(dated, { kind: 'type', type: 'oco' })).toMatchObject({
      timeInForce: 'GTD',
      reduce: false,
    });
    const taking = after(
      { kind: 'options', options: { timeInForce: 'IOC' } },
      { kind: 'type', type: 'stop_limit' },
    );
    expect(taking.timeInForce).toBe('GTC');
  });

  it('shows no part of an order that may not rest', () => {
    const hidden = after(
      { kind: 'options', options: { visible: '1' } },
      { kind: 'options', options: { timeInForce: 'FOK' } },
    );
    expect(hidden.visible).toBe('');
  });
});
