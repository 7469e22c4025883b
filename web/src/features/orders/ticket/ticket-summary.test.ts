import { describe, expect, it } from 'vitest';

import { amount, sampleContext, sampleTicket, total } from './ticket-samples';
import { describeOrder } from './ticket-sentence';
import { calculateTicketSummary } from './ticket-summary';

const summarise = (change: Parameters<typeof sampleTicket>[0]) =>
  calculateTicketSummary(sampleTicket(change), sampleContext);

describe('calculateTicketSummary of a limit order', () => {
  it('multiplies price and amount exactly', () => {
    expect(summarise({ price: '62408.1', entered: amount('0.05') }).total).toBe('3120.405');
  });

  it('turns a total into whole lots that cost no more', () => {
    const summary = summarise({ price: '90', entered: total('100') });
    expect([summary.qty, summary.total]).toEqual(['1.1111', '99.999']);
  });

  it('charges the maker fee on the coins received, rounded up', () => {
    const summary = summarise({ price: '90', entered: amount('0.0001') });
    expect([summary.fee, summary.feeAsset, summary.crosses]).toEqual(['0.0000001', 'BTC', false]);
    expect(summarise({ side: 'sell', price: '200.1', entered: amount('0.0001') }).fee).toBe('0.00002001');
  });

  it('charges the taker fee and tells the average when the price meets the book', () => {
    const summary = summarise({ price: '101', entered: amount('2') });
    expect(summary).toMatchObject({ crosses: true, fee: '0.003', average: '100.5', slippage: '0.5' });
  });

  it('says what it would send, in canonical decimals', () => {
    expect(summarise({ price: '90.10', entered: amount('1.50'), postOnly: true }).request?.body).toEqual({
      market: 'BTC-USDT',
      side: 'buy',
      type: 'limit',
      time_in_force: 'GTC',
      price: '90.1',
      qty: '1.5',
      post_only: true,
    });
  });
});

describe('calculateTicketSummary of a market order', () => {
  it('estimates a buy by amount from the asks', () => {
    const summary = summarise({ type: 'market', entered: amount('1.5') });
    expect(summary).toMatchObject({ total: '150.5', average: '100.3', slippage: '0.33', exceedsBook: false });
    expect(summary.request?.body).toMatchObject({ type: 'market', qty: '1.5' });
  });

  it('sends a buy by total as a total', () => {
    const summary = summarise({ type: 'market', entered: total('201') });
    expect(summary).toMatchObject({ qty: '2', total: '201', fee: '0.003' });
    expect(summary.request?.body).toEqual({
      market: 'BTC-USDT',
      side: 'buy',
      type: 'market',
      time_in_force: 'IOC',
      total: '201',
    });
  });

  it('turns the wanted proceeds of a sale into an amount', () => {
    const summary = summarise({ side: 'sell', type: 'market', entered: total('99.9') });
    expect(summary.request?.body).toMatchObject({ side: 'sell', qty: '1' });
    expect(summary.feeAsset).toBe('USDT');
  });

  it('knows when the visible book is too thin', () => {
    expect(summarise({ type: 'market', entered: amount('4') }).exceedsBook).toBe(true);
    expect(summarise({ type: 'market', entered: amount('3') }).exceedsBook).toBe(false);
  });

  it('promises nothing while the amount is not a number', () => {
    expect(summarise({ type: 'market', entered: amount('abc') })).toMatchObject({
      qty: null,
      fee: null,
      request: null,
    });
  });
});

const sentencesOf = (change: Parameters<typeof sampleTicket>[0]) =>
  describeOrder(sampleContext.market, sampleTicket(change), summarise(change));
const keys = (change: Parameters<typeof sampleTicket>[0]) => sentencesOf(change).map(({ key }) => key);

describe('describeOrder', () => {
  it('says the verb, the amounts, the bound and the fee', () => {
    const [sentence] = sentencesOf({ price: '62408', entered: amount('0.05') });
    expect(sentence?.key).toBe('sentence.buyLimit');
    expect(sentence?.values).toMatchObject({
      amount: '0.05',
      base: 'BTC',
      total: '3,120.40',
      quote: 'USDT',
      fee: '0.000075',
      feeAsset: 'BTC',
    });
  });

  it('calls a market buy by total one that costs at most that', () => {
    expect(keys({ type: 'market', entered: total('201') })).toEqual(['sentence.buyMarketTotal']);
  });

  it('tells entry and exits of a bracket one after the other', () => {
    const bracket = {
      type: 'bracket',
      price: '95',
      target: '110',
      trigger: '90',
      entered: amount('1'),
    } as const;
    expect(keys(bracket)).toEqual(['sentence.buyLimit', 'sentence.sellExits']);
    expect(keys({ ...bracket, price: '', limitAfter: '89' })).toEqual([
      'sentence.buyMarket',
      'sentence.sellExitsLimit',
    ]);
  });

  it('adds what the options change', () => {
    const stop = { type: 'stop', trigger: '110', entered: amount('1') } as const;
    expect(keys(stop)).toEqual(['sentence.buyStop']);
    expect(keys({ ...stop, triggerBy: 'last_trade', reduce: true })).toEqual([
      'sentence.buyStop',
      'sentence.lastTrade',
      'sentence.reduce',
    ]);
  });

  it('tells a trail in its unit', () => {
    const trailing = { side: 'sell', type: 'trailing', entered: amount('1') } as const;
    const [percent] = sentencesOf({ ...trailing, trail: { unit: 'percent', text: '2.5' } });
    expect(percent?.values.trail).toBe('2.5 %');
    const [money] = sentencesOf({ ...trailing, trail: { unit: 'amount', text: '1500' }, activation: '120' });
    expect([money?.key, money?.values.trail]).toEqual(['sentence.sellTrailingFrom', '1,500 USDT']);
  });

  it('is silent until the order is complete', () => {
    expect(sentencesOf({ price: '', entered: amount('1') })).toEqual([]);
  });
});
