import type { Fees } from '@/api/types';
import { compare, div, isZero, mul, sub, toChartNumber } from '@/lib/decimal';

/** "0.0008" -> "0.08 %". */
export function formatRate(fraction: string): string {
  return `${mul(fraction, '100')} %`;
}

export interface TierProgress {
  /** Dollars still to be traded. */
  missing: string;
  /** Of the way from this tier to the next, per cent, rounded down: 100 means there. For the bar and its figure. */
  percent: number;
}

/** How far it is to the next tier; null at the top. Pure. */
export function calculateProgress({ tiers, tier, next, volume_30d: volume }: Fees): TierProgress | null {
  if (next === null) return null;
  const from = tiers[tier]?.volume ?? '0';
  const way = sub(next.volume, from);
  const missing = compare(volume, next.volume) >= 0 ? '0' : sub(next.volume, volume);
  if (isZero(way) || isZero(missing)) return { missing, percent: 100 };
  const gone = compare(volume, from) <= 0 ? '0' : sub(volume, from);
  return { missing, percent: toChartNumber(div(mul(gone, '100'), way, 0)) };
}
