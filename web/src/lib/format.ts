import { abs, add, compare, decimalsOf, isDecimal, sign, toFixed, type Rounding } from './decimal';

/** Shown where there is no value, so that a column never collapses. */
export const NO_VALUE = '–';
const MINUS = '−';
const NARROW_SPACE = '\u00a0';

interface DecimalFormat {
  /** Fixed number of places; without it the value's own places. */
  decimals?: number;
  /** With `decimals` unset: at least and at most so many places. */
  minDecimals?: number;
  maxDecimals?: number;
  /** `always` writes a plus sign in front of positive values. */
  sign?: 'auto' | 'always';
  rounding?: Rounding;
}

function group(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

function places(value: string, format: DecimalFormat): number {
  if (format.decimals !== undefined) return format.decimals;
  const own = Math.min(decimalsOf(value), format.maxDecimals ?? Infinity);
  return Math.max(own, format.minDecimals ?? 0);
}

/** "1234567.5" -> "1,234,567.50". The same separators in every language, as on a trading desk. */
export function formatDecimal(value: string | null | undefined, format: DecimalFormat = {}): string {
  if (value == null || !isDecimal(value)) return NO_VALUE;
  const fixed = toFixed(abs(value), places(value, format), format.rounding ?? 'half');
  const [whole = '0', fraction] = fixed.split('.');
  const body = fraction === undefined ? group(whole) : `${group(whole)}.${fraction}`;
  const shownSign = sign(fixed) === 0 ? 0 : sign(value);
  if (shownSign < 0) return MINUS + body;
  return shownSign > 0 && format.sign === 'always' ? `+${body}` : body;
}

/** Places that suit a dollar price: two for large values, more for small ones. */
export function priceDecimals(value: string): number {
  const size = abs(value);
  if (compare(size, '1') >= 0 || sign(size) === 0) return 2;
  if (compare(size, '0.01') >= 0) return 4;
  return 8;
}

/** "64231.5" -> "$64,231.50". */
export function formatUsd(value: string | null | undefined, format: DecimalFormat = {}): string {
  if (value == null || !isDecimal(value)) return NO_VALUE;
  const text = formatDecimal(abs(value), { decimals: 2, ...format, sign: 'auto' });
  if (sign(value) < 0) return `${MINUS}$${text}`;
  return format.sign === 'always' && sign(value) > 0 ? `+$${text}` : `$${text}`;
}

/** A dollar price with as many places as its size asks for. */
export function formatUsdPrice(value: string | null | undefined): string {
  return value == null || !isDecimal(value) ? NO_VALUE : formatUsd(value, { decimals: priceDecimals(value) });
}

/** "1.5", "BTC" -> "1.50000000 BTC"; at most eight places, at least two. */
export function formatAmount(
  value: string | null | undefined,
  asset?: string,
  format?: DecimalFormat,
): string {
  const text = formatDecimal(value, { minDecimals: 2, maxDecimals: 8, rounding: 'down', ...format });
  return asset === undefined || text === NO_VALUE ? text : `${text}${NARROW_SPACE}${asset}`;
}

/** "-1.234" -> "−1.23%"; always signed, so that colour is never the only carrier of direction. */
export function formatPercent(value: string | null | undefined, format: DecimalFormat = {}): string {
  const text = formatDecimal(value, { decimals: 2, sign: 'always', ...format });
  return text === NO_VALUE ? text : `${text}%`;
}

const COMPACT: readonly (readonly [string, string, number])[] = [
  ['1000000000000', 'T', 12],
  ['1000000000', 'B', 9],
  ['1000000', 'M', 6],
  ['1000', 'K', 3],
];

/** "1234567890" -> "1.23B", for volumes where the last digits do not matter. */
export function formatCompact(value: string | null | undefined): string {
  if (value == null || !isDecimal(value)) return NO_VALUE;
  const whole = abs(value).split('.')[0] ?? '0';
  const step = COMPACT.find(([limit]) => compare(whole, limit) >= 0);
  if (step === undefined) return formatDecimal(value, { decimals: 2 });
  const shifted = `${whole.slice(0, -step[2])}.${whole.slice(-step[2])}`;
  return `${sign(value) < 0 ? MINUS : ''}${formatDecimal(shifted, { decimals: 2 })}${step[1]}`;
}

/** What a person typed in an amount field, made canonical: " 1,5 " -> "1.5"; null where it is not a number. */
export function parseInput(text: string): string | null {
  const compact = text.replace(/[\s\u00a0']/g, '');
  const dotted = compact.includes('.') ? compact.replace(/,/g, '') : compact.replace(',', '.');
  const whole = dotted.startsWith('.') ? `0${dotted}` : dotted.replace(/\.$/, '');
  return isDecimal(whole) ? add(whole, '0') : null;
}
