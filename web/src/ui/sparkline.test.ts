import { describe, expect, it } from 'vitest';
import { sparklinePoints } from './sparkline';

describe('sparkline', () => {
  it('spans the box from the first to the last value, the highest at the top', () => {
    expect(sparklinePoints(['1', '3', '2'], 12, 13)).toBe('1.0,11.5 6.0,1.5 11.0,6.5');
  });

  it('draws a flat line where nothing moved', () => {
    expect(sparklinePoints(['5', '5'], 12, 13)).toBe('1.0,11.5 11.0,11.5');
  });
});
