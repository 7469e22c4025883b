import { describe, expect, it } from 'vitest';
import { moveLine, readSizes } from './split-sizes';

describe('moveLine', () => {
  it('gives to one neighbour what it takes from the other', () => {
    expect(moveLine([60, 20, 20], 0, -5, [10, 10, 10])).toEqual([55, 25, 20]);
    expect(moveLine([60, 20, 20], 1, 5, [10, 10, 10])).toEqual([60, 25, 15]);
  });

  it('stops where a neighbour has its least share', () => {
    expect(moveLine([60, 20, 20], 0, 50, [10, 12, 10])).toEqual([68, 12, 20]);
    expect(moveLine([60, 20, 20], 0, -80, [10, 12, 10])).toEqual([10, 70, 20]);
  });

  it('moves nothing where there is no room at all', () => {
    expect(moveLine([50, 50], 0, 5, [60, 60])).toEqual([50, 50]);
  });
});

describe('readSizes', () => {
  it('takes back what was remembered, and nothing else', () => {
    expect(readSizes('[60,20,20]', 3)).toEqual([60, 20, 20]);
    for (const text of [null, '', '[60,40]', '[0,50,50]', '["a",1,2]', '{"a":1}'])
      expect(readSizes(text, 3)).toBeNull();
  });
});
