import { describe, expect, it } from 'vitest';
import {
  formatAmount,
  formatCompact,
  formatDecimal,
  formatPercent,
  formatUsd,
  formatUsdPrice,
  parseInput,
} from './format';

describe('format', () => {
  it('groups thousands and keeps places fixed', () => {
    expect(formatDecimal('1234567.5', { decimals: 2 })).toBe('1,234,567.50');
    expect(formatDecimal('999', { decimals: 0 })).toBe('999');
  });

  it('shows a dash where there is no value', () => {
    expect(formatDecimal(null)).toBe('–');
    expect(formatUsd(undefined)).toBe('–');
    expect(formatDecimal('NaN')).toBe('–');
  });

  it('signs what is shown, not what was rounded away', () => {
    expect(formatPercent('-1.234')).toBe('−1.23%');
    expect(formatPercent('0.001')).toBe('0.00%');
    expect(formatPercent('2')).toBe('+2.00%');
  });

  it('gives small prices the places they need', () => {
    expect(formatUsdPrice('64231.5')).toBe('$64,231.50');
    expect(formatUsdPrice('0.5234')).toBe('$0.5234');
    expect(formatUsdPrice('0.00000871')).toBe('$0.00000871');
  });

  it('never shows more of an asset than there is', () => {
    expect(formatAmount('1.999999999', 'BTC')).toBe('1.99999999\u00a0BTC');
  });

  it('shortens volumes', () => {
    expect(formatCompact('1234567890.12')).toBe('1.23B');
    expect(formatCompact('999.994')).toBe('999.99');
    expect(formatCompact('-1500')).toBe('−1.50K');
  });

  it('reads what people type', () => {
    expect(parseInput(' 1,5 ')).toBe('1.5');
    expect(parseInput('1,234.50')).toBe('1234.5');
    expect(parseInput('.5')).toBe('0.5');
    expect(parseInput('5.')).toBe('5');
    expect(parseInput('12a')).toBeNull();
  });
});
