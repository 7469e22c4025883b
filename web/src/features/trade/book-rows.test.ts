import { describe, expect, it } from 'vitest';

import { calculateBookView } from './book-rows';
import type { BookLevel } from '@/api/types';

const book: { bids: BookLevel[]; asks: BookLevel[] } = {
  bids: [
    ['100.4', '1'],
    ['100.1', '2'],
    ['99.9', '3'],
  ],
  asks: [
    ['100.6', '0.5'],
    ['101', '1.5'],
    ['101.1', '4'],
  ],
};
const options = { tickSize: '0.1', grouping: 1, rows: 10 };

describe('calculateBookView', () => {
  it('cumulates outward from the best price', () => {
    const view = calculateBookView(book, options);
    expect(view.bids.map((row) => row.cumulative)).toEqual(['1', '3', '6']);
    expect(view.asks.map((row) => row.cumulative)).toEqual(['0.5', '2', '6']);
  });

  it('draws depth as a share of the deepest row of both sides', () => {
    const view = calculateBookView({ bids: book.bids, asks: book.asks.slice(0, 2) }, options);
    expect(view.bids.at(-1)?.depth).toBe(1);
    expect(view.asks.at(-1)?.depth).toBe(0.3333);
  });

  it('rounds grouped bids down and asks up', () => {
    const view = calculateBookView(book, { ...options, grouping: 10 });
    expect(view.bids.map((row) => [row.price, row.qty])).toEqual([
      ['100', '3'],
      ['99', '3'],
    ]);
    expect(view.asks.map((row) => [row.price, row.qty])).toEqual([
      ['101', '2'],
      ['102', '4'],
    ]);
  });

  it('adds quantities without floating-point error', () => {
    const bids: BookLevel[] = [
      ['100.1', '0.1'],
      ['100', '0.2'],
    ];
    const view = calculateBookView({ bids, asks: [] }, { ...options, grouping: 100 });
    expect(view.bids[0]?.qty).toBe('0.3');
  });

  it('keeps no more rows than asked for, each whole', () => {
    const view = calculateBookView(book, { ...options, grouping: 10, rows: 1 });
    expect(view.bids.map((row) => row.qty)).toEqual(['3']);
  });

  it('takes mid and spread from the ungrouped best prices', () => {
    const view = calculateBookView(book, { ...options, grouping: 100 });
    expect([view.mid, view.spread, view.spreadPercent]).toEqual(['100.5', '0.2', '0.199']);
  });

  it('has no spread when a side is empty', () => {
    const view = calculateBookView({ bids: book.bids, asks: [] }, options);
    expect([view.mid, view.spread, view.asks]).toEqual([null, null, []]);
  });

  it('marks a grouped row that holds an own order', () => {
    const view = calculateBookView(book, { ...options, grouping: 10, ownPrices: new Set(['100.1']) });
    expect(view.bids.map((row) => row.own)).toEqual([true, false]);
  });
});
