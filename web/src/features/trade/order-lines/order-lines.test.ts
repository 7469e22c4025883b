import { describe, expect, it } from 'vitest';
import { sampleOrder } from '@/testing/orders';
import { keySteps, listOrderLines, snapPrice, stepLine } from './order-lines';

const places = (...orders: Parameters<typeof sampleOrder>[0][]) =>
  listOrderLines(orders.map(sampleOrder)).map(({ field, price, movable }) => [field, price, movable]);

describe('listOrderLines', () => {
  it('draws a limit, and both prices of a waiting stop-limit', () => {
    expect(places({ price: '90' })).toEqual([['price', '90', true]]);
    const stop = { type: 'stop_limit', price: '79', trigger_price: '80', status: 'waiting' } as const;
    expect(places(stop)).toEqual([
      ['trigger_price', '80', true],
      ['price', '79', true],
    ]);
  });

  it('leaves out a trigger that has fired', () => {
    const fired = { trigger_price: '80', triggered_at: '2026-01-01T00:00:00Z' };
    expect(places(fired)).toEqual([['price', '90', true]]);
  });

  it('does not let a trailing trigger be moved', () => {
    const trailing = { type: 'trailing_stop', price: null, trigger_price: '80', trail_percent: '2' } as const;
    expect(places(trailing)).toEqual([['trigger_price', '80', false]]);
  });
});

describe('moving a line', () => {
  it('lands on a step of the market, never at nothing', () => {
    expect(snapPrice('61234.56789', '0.01')).toBe('61234.57');
    expect(snapPrice('61234.4', '0.5')).toBe('61234.5');
    expect(snapPrice('0.0000001', '0.1')).toBe('0.1');
    expect(snapPrice('-5', '0.1')).toBe('0.1');
  });

  it('goes by steps with the keys', () => {
    expect(stepLine('100', '0.1', keySteps('ArrowUp', false))).toBe('100.1');
    expect(stepLine('100', '0.1', keySteps('ArrowDown', true))).toBe('99');
    expect(stepLine('100', '0.1', keySteps('PageUp', false))).toBe('110');
    expect(keySteps('x', false)).toBe(0);
  });
});
