import type { Health } from '@/api/types';

export interface HealthRow {
  name: string;
  ok: boolean;
  /** Facts the server gave beside the state, in its own words. */
  facts: [name: string, value: string][];
}

const GOOD = new Set(['ok', 'up', 'healthy', 'pass', 'live', 'ready', 'leader']);
const STATE_KEYS = new Set(['status', 'state', 'ok']);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isGood(state: unknown): boolean {
  return state === true || (typeof state === 'string' && GOOD.has(state.toLowerCase()));
}

function facts(check: Record<string, unknown>): [string, string][] {
  return Object.entries(check)
    .filter(([key, value]) => !STATE_KEYS.has(key) && value !== null && typeof value !== 'object')
    .map(([key, value]) => [key, String(value)]);
}

/** One row per dependency, whether the check is a word, a boolean or an object. */
export function calculateHealthRows(health: Health): HealthRow[] {
  const checks = isRecord(health['checks']) ? health['checks'] : {};
  return Object.entries(checks).map(([name, check]) =>
    isRecord(check)
      ? { name, ok: isGood(check['status'] ?? check['state'] ?? check['ok']), facts: facts(check) }
      : { name, ok: isGood(check), facts: [] },
  );
}

export function isHealthy(health: Health): boolean {
  return isGood(health.status);
}
