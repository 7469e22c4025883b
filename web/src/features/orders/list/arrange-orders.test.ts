import { describe, expect, it } from 'vitest';
import { sampleOrder } from '@/testing/orders';
import { arrangeOrders } from './arrange-orders';

describe('arrangeOrders', () => {
  it('keeps a group together at the place of its newest order, the entry first', () => {
    const orders = [
      sampleOrder({ id: '9' }),
      sampleOrder({ id: '8', group_id: '6', role: 'stop_loss' }),
      sampleOrder({ id: '7', group_id: '6', role: 'take_profit' }),
      sampleOrder({ id: '5' }),
      sampleOrder({ id: '6', group_id: '6', role: 'entry' }),
    ];
    expect(arrangeOrders(orders).map(({ order, link }) => [order.id, link])).toEqual([
      ['9', 'none'],
      ['6', 'first'],
      ['7', 'middle'],
      ['8', 'last'],
      ['5', 'none'],
    ]);
  });

  it('draws no line beside what is left of a group alone', () => {
    expect(arrangeOrders([sampleOrder({ group_id: '6', role: 'take_profit' })])[0]?.link).toBe('none');
  });
});
