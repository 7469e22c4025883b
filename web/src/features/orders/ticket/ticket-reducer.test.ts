import { describe, expect, it } from 'vitest';

import { EMPTY_TICKET, reduceTicket, type TicketAction } from './ticket-reducer';

const after = (...actions: TicketAction[]) => actions.reduce(reduceTicket, EMPTY_TICKET);

describe('reduceTicket', () => {
  it('lets the field typed last lead', () => {
    const state = after({ kind: 'amount', amount: '1' }, { kind: 'total', total: '50' });
    expect(state.entered).toEqual({ field: 'total', text: '50' });
  });

  it('turns a market ticket into a limit one when a price is picked from the book', () => {
    const state = after({ kind: 'type', type: 'market' }, { kind: 'price', price: '100' });
    expect([state.type, state.price]).toEqual(['limit', '100']);
  });

  it('forgets post-only and time in force for a market order', () => {
    const state = after({ kind: 'postOnly', postOnly: true }, { kind: 'type', type: 'market' });
    expect([state.postOnly, state.timeInForce]).toEqual([false, 'GTC']);
  });

  it('never combines post-only with an order that may not rest', () => {
    expect(
      after({ kind: 'postOnly', postOnly: true }, { kind: 'timeInForce', timeInForce: 'IOC' }).postOnly,
    ).toBe(false);
    expect(
      after({ kind: 'timeInForce', timeInForce: 'FOK' }, { kind: 'postOnly', postOnly: true }).timeInForce,
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
    const state = after({ kind: 'price', price: '100' }, { kind: 'amount', amount: '2' }, { kind: 'sent' });
    expect([state.price, state.entered.text]).toEqual(['100', '']);
  });
});
