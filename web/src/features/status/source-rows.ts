import type { PriceSource, SourceStatus } from '@/api/types';
import type { Tone } from '@/ui/badge';

export interface SourceRow {
  name: string;
  status: SourceStatus;
  tone: Tone;
  /** How old its last news is, as text; empty where it was never heard. */
  age: string;
  /** In how many reference prices it takes part. */
  markets: number;
}

const TONES: Record<SourceStatus, Tone> = {
  used: 'buy',
  witness: 'info',
  starting: 'neutral',
  standby: 'neutral',
  unconfirmed: 'warn',
  outlier: 'warn',
  stale: 'warn',
  limited: 'warn',
  down: 'sell',
  refused: 'sell',
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A span of time in the unit a reader would choose; tenths of a second only below ten seconds. */
export function formatSpan(ms: number, language: string): string {
  const [value, unit] =
    ms < MINUTE
      ? [ms / 1_000, 'second']
      : ms < HOUR
        ? [Math.floor(ms / MINUTE), 'minute']
        : [Math.floor(ms / HOUR), 'hour'];
  const digits = unit === 'second' && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  }).format(value);
}

/** One row per source, in the order in which the server names them. */
export function calculateSourceRows(sources: PriceSource['sources'], language: string): SourceRow[] {
  return sources.map(({ name, status, age_ms, markets }) => ({
    name,
    status,
    tone: TONES[status],
    age: age_ms === null ? '' : formatSpan(age_ms, language),
    markets,
  }));
}
