import { describe, expect, it } from 'vitest';
import { cleanAmount } from './ticket-field';

describe('cleanAmount', () => {
  it.each([
    ['12.345', 2, '12.34'],
    ['1,5', 2, '1.5'],
    ['.5', 2, '0.5'],
    ['a1b2', 2, '12'],
    ['1.2.3', 4, '1.23'],
    ['7.', 2, '7.'],
    ['7.5', 0, '7'],
    ['', 2, ''],
  ])('makes of %j with %i decimals %j', (text, decimals, clean) => {
    expect(cleanAmount(text, decimals)).toBe(clean);
  });
});
