import { describe, expect, it } from 'vitest';
import { summariseBook } from './book-summary';

describe('summariseBook', () => {
  it('tells the best prices, the spread, and what stands near', () => {
    const bids: [string, string][] = [
      ['99', '1'],
      ['98', '2.5'],
    ];
    expect(summariseBook({ bids, asks: [['101', '0.25']] })).toEqual({
      bid: '99',
      bidQty: '1',
      ask: '101',
      askQty: '0.25',
      spread: '2',
      spreadPercent: '2',
      levels: 2,
      bidTotal: '3.5',
      askTotal: '0.25',
    });
  });

  it('counts the ten nearest levels only', () => {
    const side = (from: number, step: number) =>
      Array.from({ length: 30 }, (_, index): [string, string] => [`${from + step * index}`, '1']);
    expect(summariseBook({ bids: side(100, -1), asks: side(101, 1) })).toMatchObject({
      levels: 10,
      bidTotal: '10',
      askTotal: '10',
    });
  });

  it('has nothing to tell of a book with one side', () => {
    expect(summariseBook({ bids: [['99', '1']], asks: [] })).toBeNull();
  });
});
