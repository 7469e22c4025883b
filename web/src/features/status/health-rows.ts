import type { Health, HealthStatus } from '@/api/types';

export interface HealthRow {
  name: string;
  status: HealthStatus;
  detail: string;
  /** How long the check took, as text; empty where it was not timed. */
  time: string;
}

const ORDER: HealthStatus[] = ['down', 'degraded', 'ok'];

/** One row per dependency, what is wrong first. */
export function calculateHealthRows(health: Health): HealthRow[] {
  const rows = Object.entries(health.checks).map(([name, { status, detail, milliseconds }]) => ({
    name,
    status,
    detail,
    time: milliseconds === null ? '' : `${milliseconds.toFixed(1)} ms`,
  }));
  return rows.sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
}
