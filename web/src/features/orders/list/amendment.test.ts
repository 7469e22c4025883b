import { describe, expect, it } from 'vitest';
import { sampleOrder } from '@/testing/orders';
import { amendableFields, readAmendment, startDraft } from './amendment';

const steps = { tick: '0.1', lot: '0.001' };
const limit = sampleOrder({ price: '100', qty: '2', filled: '0.5' });
const read = (change: Partial<ReturnType<typeof startDraft>>, order = limit) =>
  readAmendment(order, { ...startDraft(order), ...change }, steps);

describe('readAmendment', () => {
  it('sends what differs, and nothing where nothing does', () => {
    expect(read({}).change).toBeNull();
    expect(read({ price: '100.0' }).change).toBeNull();
    expect(read({ price: '99.5' })).toEqual({ change: { price: '99.5' }, problem: null, keepsPlace: false });
  });

  it('knows that only getting smaller keeps the place in the queue', () => {
    expect(read({ qty: '1' }).keepsPlace).toBe(true);
    expect(read({ qty: '3' }).keepsPlace).toBe(false);
    expect(read({ qty: '1', price: '99' }).keepsPlace).toBe(false);
  });

  it.each([
    ['price', 'x', 'number'],
    ['price', '0', 'number'],
    ['price', '99.55', 'step'],
    ['qty', '1.0005', 'step'],
    ['qty', '0.4', 'belowFilled'],
  ] as const)('refuses %s %s', (field, text, code) => {
    expect(read({ [field]: text })).toMatchObject({ change: null, problem: { field, code } });
  });
});

describe('amendableFields', () => {
  it('are those the order has', () => {
    expect(amendableFields(limit)).toEqual(['price', 'qty']);
    const stop = sampleOrder({ type: 'stop', price: null, trigger_price: '90', status: 'waiting' });
    expect(amendableFields(stop)).toEqual(['trigger_price', 'qty']);
  });

  it('leave out the trigger that has fired or moves by itself', () => {
    const fired = sampleOrder({
      type: 'stop_limit',
      trigger_price: '90',
      triggered_at: '2026-01-01T00:00:00Z',
    });
    expect(amendableFields(fired)).toEqual(['price', 'qty']);
    const trailing = sampleOrder({
      type: 'trailing_stop',
      price: null,
      trigger_price: '90',
      trail_percent: '2',
    });
    expect(amendableFields(trailing)).toEqual(['qty']);
  });

  it("leave out the quantity of an exit, which is its group's", () => {
    const exit = sampleOrder({
      group_id: '6',
      role: 'stop_loss',
      type: 'stop',
      price: null,
      trigger_price: '80',
    });
    expect(amendableFields(exit)).toEqual(['trigger_price']);
  });
});
