import { describe, expect, it } from 'vitest';
import { add, compare, decimalsOf, div, isDecimal, mul, sub, sum, toFixed, toStep } from './decimal';

describe('decimal', () => {
  it('adds what floats cannot', () => {
    expect(add('0.1', '0.2')).toBe('0.3');
    expect(sum(['0.00000001', '99999999999999999999', '-1'])).toBe('99999999999999999998.00000001');
  });

  it('subtracts below zero and never answers a negative zero', () => {
    expect(sub('1', '1.5')).toBe('-0.5');
    expect(sub('-1', '-1.00')).toBe('0');
    expect(mul('-0', '3')).toBe('0');
  });

  it('multiplies exactly', () => {
    expect(mul('64231.55', '0.00012345')).toBe('7.9293848475');
    expect(mul('-0.5', '0.5')).toBe('-0.25');
  });

  it('divides to so many places in the direction asked for', () => {
    expect(div('1', '3', 4)).toBe('0.3333');
    expect(div('2', '3', 4, 'up')).toBe('0.6667');
    expect(div('1', '8', 2, 'half')).toBe('0.13');
    expect(div('-1', '8', 2, 'half')).toBe('-0.13');
    expect(() => div('1', '0.0', 2)).toThrow(RangeError);
  });

  it('compares by value, not by text', () => {
    expect(compare('10', '9.99')).toBe(1);
    expect(compare('1.0', '1')).toBe(0);
    expect(compare('-2', '-1')).toBe(-1);
  });

  it('fixes places with zeros kept and rounds away from the invented', () => {
    expect(toFixed('1.005', 2)).toBe('1.00');
    expect(toFixed('1.005', 2, 'half')).toBe('1.01');
    expect(toFixed('0.999', 2, 'up')).toBe('1.00');
    expect(toFixed('5', 3)).toBe('5.000');
  });

  it('finds the nearest step below or above', () => {
    expect(toStep('64231.557', '0.05')).toBe('64231.55');
    expect(toStep('0.00019', '0.0001', 'up')).toBe('0.0002');
    expect(() => toStep('1', '0')).toThrow(RangeError);
  });

  it('refuses everything that is not a plain decimal', () => {
    for (const text of ['', '1e5', '1,000', '.5', '5.', '+1', ' 1', 'NaN', '٣'])
      expect(isDecimal(text)).toBe(false);
    expect(() => add('1e5', '1')).toThrow(RangeError);
  });

  it('counts places of the canonical form', () => {
    expect(decimalsOf('0.0100')).toBe(2);
    expect(decimalsOf('7')).toBe(0);
  });
});
