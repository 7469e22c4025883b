import type { ValuePoint } from '@/api/types';
import { add, compare, div, mul, sign, sub } from '@/lib/decimal';

export const RANGES = ['1D', '1W', '1M', '1Y', 'All'] as const;
export type Range = (typeof RANGES)[number];

const DAY = 86_400_000;
const SPAN: Record<Range, number> = {
  '1D': DAY,
  '1W': 7 * DAY,
  '1M': 30 * DAY,
  '1Y': 365 * DAY,
  All: Infinity,
};

/**
 * The points within a range before `now`, with the last one before it as the starting value. The time before the
 * first money is left out: a jump from nothing would flatten everything that came after.
 */
export function pointsInRange(history: readonly ValuePoint[], range: Range, now: number): ValuePoint[] {
  const from = now - SPAN[range];
  const begun = history.findIndex((point) => sign(point.value_usd) > 0);
  const first = history.findIndex((point) => Date.parse(point.at) >= from);
  return begun < 0 || first < 0 ? [] : history.slice(Math.max(first - 1, begun));
}

export interface ValueChange {
  usd: string;
  /** Null where it began at nothing: there is no percentage of zero. */
  percent: string | null;
}

/** From the first to the last point; null where there are not two. */
export function changeOver(points: readonly ValuePoint[]): ValueChange | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return null;
  const usd = sub(last.value_usd, first.value_usd);
  const started = sign(first.value_usd) > 0;
  return { usd, percent: started ? div(mul(usd, '100'), first.value_usd, 2, 'half') : null };
}

export interface Slice {
  asset: string;
  value_usd: string;
  percent: string;
}

/** The largest shares by themselves, the rest as one slice called `rest`. */
export function foldSmall(slices: readonly Slice[], keep: number, rest: string): Slice[] {
  const sorted = [...slices].sort((a, b) => compare(b.value_usd, a.value_usd));
  if (sorted.length <= keep + 1) return sorted;
  const total = (key: 'value_usd' | 'percent') =>
    sorted.slice(keep).reduce((sum, slice) => add(sum, slice[key]), '0');
  return [
    ...sorted.slice(0, keep),
    { asset: rest, value_usd: total('value_usd'), percent: total('percent') },
  ];
}
