import { describe, expect, it } from 'vitest';
import { calculateDepth, depthPaths } from './depth-points';

describe('calculateDepth', () => {
  it('cumulates from the best price and keeps both sides to the same distance', () => {
    const depth = calculateDepth(
      [
        ['99', '1'],
        ['97', '2'],
        ['90', '9'],
      ],
      [
        ['101', '1'],
        ['104', '2'],
      ],
    );
    expect(depth).toEqual({
      bids: [
        { price: 99, total: 1 },
        { price: 97, total: 3 },
      ],
      asks: [
        { price: 101, total: 1 },
        { price: 104, total: 3 },
      ],
      low: 95.84,
      high: 104.16,
      most: 3,
    });
  });

  it('draws nothing of a one-sided book', () => {
    expect(calculateDepth([['1', '1']], [])).toBeNull();
  });
});

describe('depthPaths', () => {
  it('steps outward and closes at the edge of its side', () => {
    const geometry = { bids: [], asks: [], low: 0, high: 10, most: 2 };
    const path = depthPaths(
      [
        { price: 4, total: 1 },
        { price: 2, total: 2 },
      ],
      geometry,
      100,
      100,
    );
    expect(path).toEqual({
      line: 'M40.0,100 H40.0 V54.0 H20.0 V8.0 H0',
      area: 'M40.0,100 H40.0 V54.0 H20.0 V8.0 H0 V100 Z',
    });
  });
});
