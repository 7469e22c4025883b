import { describe, expect, it } from 'vitest';

import { getTicketError } from './ticket-errors';
import { amount, sampleContext, sampleTicket, total } from './ticket-samples';
import { calculateTicketSummary } from './ticket-summary';
import type { TicketContext, TicketState } from './types';

function check(change: Partial<TicketState>, world: Partial<TicketContext> = {}) {
  const [state, context] = [sampleTicket(change), { ...sampleContext, ...world }];
  return getTicketError(state, context, calculateTicketSummary(state, context));
}

const GOOD: Partial<TicketState> = { price: '90', entered: amount('1') };

describe('getTicketError', () => {
  it('lets a good order pass', () => {
    expect(check(GOOD)).toBeNull();
  });

  it.each<[string, Partial<TicketState>, string]>([
    ['no price', { entered: amount('1') }, 'enterPrice'],
    ['no amount', { price: '90' }, 'enterAmount'],
    ['a price that is no number', { ...GOOD, price: 'abc' }, 'priceNotNumber'],
    ['a negative price', { ...GOOD, price: '-1' }, 'priceNotNumber'],
    ['a price between ticks', { ...GOOD, price: '90.05' }, 'priceStep'],
    ['an amount that is no number', { ...GOOD, entered: amount('x') }, 'amountNotNumber'],
    ['an amount between lots', { ...GOOD, entered: amount('0.00015') }, 'amountStep'],
    ['a total below one lot', { ...GOOD, entered: total('0.001') }, 'amountStep'],
    ['more than the market takes', { ...GOOD, entered: amount('101') }, 'amountTooLarge'],
    ['less than the smallest order', { ...GOOD, entered: amount('0.05') }, 'minNotional'],
    ['more money than there is', { ...GOOD, entered: amount('12') }, 'insufficientFunds'],
    [
      'more coins than there are',
      { ...GOOD, side: 'sell', price: '110', entered: amount('3') },
      'insufficientFunds',
    ],
    [
      'post-only that would trade',
      { price: '100', entered: amount('1'), postOnly: true },
      'postOnlyWouldTrade',
    ],
    ['a stop without its trigger', { type: 'stop', entered: amount('1') }, 'enterTrigger'],
    [
      'a buy stop below the price',
      { type: 'stop', trigger: '99', entered: amount('1') },
      'triggerReachedAbove',
    ],
    [
      'a buy take-profit above the price',
      { type: 'take_profit', trigger: '101', entered: amount('1') },
      'triggerReachedBelow',
    ],
    ['a trail of nothing', { type: 'trailing', entered: amount('1') }, 'enterTrail'],
    [
      'a trail of the whole price',
      { type: 'trailing', trail: { unit: 'percent', text: '100' }, entered: amount('1') },
      'trailTooWide',
    ],
    [
      'a bracket whose target loses',
      { type: 'bracket', price: '95', target: '94', trigger: '90', entered: amount('1') },
      'targetWrongSide',
    ],
    [
      'a bracket whose stop wins',
      { type: 'bracket', price: '95', target: '99', trigger: '96', entered: amount('1') },
      'stopWrongSide',
    ],
    ['a date without a date', { ...GOOD, timeInForce: 'GTD' }, 'enterDate'],
    ['a date in the past', { ...GOOD, timeInForce: 'GTD', expires: '2020-01-01T00:00' }, 'datePassed'],
    ['an iceberg that shows more than it has', { ...GOOD, visible: '2' }, 'visibleTooLarge'],
    ['more than the book holds', { type: 'market', entered: amount('4') }, 'bookTooThin'],
  ])('refuses %s', (_name, change, code) => {
    const rich = { available: { base: '2.5', quote: '1000' } };
    expect(check(change, rich)?.code).toBe(code);
  });

  it('asks for what is missing instead of calling it wrong', () => {
    expect(check({ price: '90' })?.kind).toBe('missing');
    expect(check({ ...GOOD, price: '-1' })?.kind).toBe('invalid');
  });

  it('refuses market orders on stale prices but not limit orders', () => {
    expect(check({ type: 'market', entered: amount('1') }, { priceStale: true })?.code).toBe('priceStale');
    expect(check(GOOD, { priceStale: true })).toBeNull();
  });

  it('says so when nobody is on the other side', () => {
    expect(check({ type: 'market', entered: amount('1') }, { book: { bids: [], asks: [] } })?.code).toBe(
      'bookEmpty',
    );
  });

  it.each([
    ['halted', 'halted'],
    ['cancel_only', 'cancelOnly'],
    ['post_only', 'postOnlyMarket'],
  ] as const)('explains a market that is %s', (status, code) => {
    expect(check(GOOD, { market: { ...sampleContext.market, status } })?.code).toBe(code);
  });

  it('waits for the balance before judging it', () => {
    expect(check(GOOD, { available: null })).toMatchObject({ code: 'loadingBalance', kind: 'missing' });
  });

  it('lets more than there is pass where it is to be made smaller', () => {
    expect(check({ ...GOOD, entered: amount('12'), reduce: true })).toBeNull();
  });

  it('refuses a kind of order the market does not take', () => {
    const market = { ...sampleContext.market, order_types: ['limit' as const] };
    expect(check({ type: 'stop', trigger: '110', entered: amount('1') }, { market })?.code).toBe(
      'typeClosed',
    );
  });

  it('takes what can wait before the opening', () => {
    const market = { ...sampleContext.market, status: 'pre_open' as const };
    expect(check({ type: 'market', entered: amount('1') }, { market })?.code).toBe('preOpen');
    expect(check({ ...GOOD, timeInForce: 'IOC' }, { market })?.code).toBe('preOpen');
    expect(check({ type: 'stop', trigger: '110', entered: amount('1') }, { market })).toBeNull();
    expect(check(GOOD, { market })).toBeNull();
  });

  it('tells an empty balance from a small one', () => {
    expect(check(GOOD, { available: { base: '0', quote: '0' } })?.code).toBe('noFunds');
  });
});
