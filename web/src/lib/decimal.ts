/**
 * Money in the browser: decimal strings outside, bigint inside, never a JS float.
 * `toChartNumber` is the one exit to floats, for the geometry of charts only.
 */

export type Rounding = 'down' | 'up' | 'half';

interface Parsed {
  readonly units: bigint;
  readonly scale: number;
}

const PATTERN = /^(-?)(\d+)(?:\.(\d+))?$/;

function parse(text: string): Parsed {
  const match = PATTERN.exec(text);
  if (match === null) throw new RangeError(`Not a decimal: ${JSON.stringify(text)}`);
  const [, sign = '', whole = '', fraction = ''] = match;
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

function rescale({ units, scale }: Parsed, to: number): bigint {
  return units * 10n ** BigInt(to - scale);
}

function plain(units: bigint, scale: number): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`;
  return (negative ? '-' : '') + whole + fraction;
}

function trim(text: string): string {
  const trimmed = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return trimmed === '-0' ? '0' : trimmed;
}

function divideRounded(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const top = numerator < 0n ? -numerator : numerator;
  const bottom = denominator < 0n ? -denominator : denominator;
  const remainder = top % bottom;
  const bump = rounding === 'up' ? remainder > 0n : rounding === 'half' && remainder * 2n >= bottom;
  const quotient = top / bottom + (bump ? 1n : 0n);
  return negative ? -quotient : quotient;
}

/** True where `text` is a plain decimal such as "12.50" or "-3"; no exponent, no grouping. */
export function isDecimal(text: string): boolean {
  return PATTERN.test(text);
}

export function add(a: string, b: string): string {
  const [x, y] = [parse(a), parse(b)];
  const scale = Math.max(x.scale, y.scale);
  return trim(plain(rescale(x, scale) + rescale(y, scale), scale));
}

function negate(a: string): string {
  const { units, scale } = parse(a);
  return trim(plain(-units, scale));
}

export function sub(a: string, b: string): string {
  return add(a, negate(b));
}

export function mul(a: string, b: string): string {
  const [x, y] = [parse(a), parse(b)];
  return trim(plain(x.units * y.units, x.scale + y.scale));
}

/** a / b with `decimals` places; throws on division by zero. */
export function div(a: string, b: string, decimals: number, rounding: Rounding = 'down'): string {
  const [x, y] = [parse(a), parse(b)];
  if (y.units === 0n) throw new RangeError('Division by zero');
  const numerator = x.units * 10n ** BigInt(decimals + y.scale);
  const denominator = y.units * 10n ** BigInt(x.scale);
  return trim(plain(divideRounded(numerator, denominator, rounding), decimals));
}

/** -1, 0 or 1, as a sort comparator wants it. */
export function compare(a: string, b: string): -1 | 0 | 1 {
  const [x, y] = [parse(a), parse(b)];
  const scale = Math.max(x.scale, y.scale);
  const difference = rescale(x, scale) - rescale(y, scale);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** -1, 0 or 1. */
export function sign(a: string): -1 | 0 | 1 {
  return compare(a, '0');
}

export function isZero(a: string): boolean {
  return sign(a) === 0;
}

export function abs(a: string): string {
  return sign(a) < 0 ? negate(a) : trim(a);
}

export function min(a: string, b: string): string {
  return compare(a, b) <= 0 ? a : b;
}

export function max(a: string, b: string): string {
  return compare(a, b) >= 0 ? a : b;
}

export function sum(values: readonly string[]): string {
  return values.reduce(add, '0');
}

/** Exactly `decimals` places, zeros kept: toFixed("1.005", 2) = "1.00". */
export function toFixed(a: string, decimals: number, rounding: Rounding = 'down'): string {
  const parsed = parse(a);
  if (parsed.scale <= decimals) return plain(rescale(parsed, decimals), decimals);
  const divisor = 10n ** BigInt(parsed.scale - decimals);
  return plain(divideRounded(parsed.units, divisor, rounding), decimals);
}

/** The nearest multiple of `step` (a tick or lot) in the direction of `rounding`. */
export function toStep(a: string, step: string, rounding: Rounding = 'down'): string {
  const [x, y] = [parse(a), parse(step)];
  if (y.units === 0n) throw new RangeError('A step is not zero');
  const scale = Math.max(x.scale, y.scale);
  const unit = rescale(y, scale);
  return trim(plain(divideRounded(rescale(x, scale), unit, rounding) * unit, scale));
}

/** Number of decimals in the canonical form: decimalsOf("0.0100") = 2. */
export function decimalsOf(a: string): number {
  return trim(a).split('.')[1]?.length ?? 0;
}

/** A float for pixel geometry (charts, bars, rings); never for arithmetic on money. */
export function toChartNumber(a: string): number {
  return Number(a);
}
