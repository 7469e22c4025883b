import { toApiError, type ApiError } from '@/api/errors';
import type { Order, Placing } from '@/api/types';

/** What the user decided once. However often it is sent, the exchange carries it out at most once. */
export type Intent = { request: Placing; key: string };

export type Outcome =
  /** Of a group, all its orders, the entry first. */
  | { kind: 'placed'; orders: Order[] }
  | { kind: 'refused'; error: ApiError }
  /** No answer came back: it may or may not have been placed. */
  | { kind: 'unknown'; error: ApiError };

interface Means {
  send: (intent: Intent) => Promise<Order[]>;
  wait: (ms: number) => Promise<void>;
  /** Told before each try after the first. */
  onRetry: () => void;
}

const TRIES = 3;
const PAUSE_MS = 700;

/**
 * Sends an intent until its outcome is known, with the same key each time. Once an outcome was unknown, a refusal
 * "not now" (429, 503) says nothing about the earlier try, so only a verdict on the order itself settles it.
 */
export async function submitIntent(intent: Intent, { send, wait, onRetry }: Means): Promise<Outcome> {
  let unknown: ApiError | null = null;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    if (attempt > 1) onRetry();
    try {
      return { kind: 'placed', orders: await send(intent) };
    } catch (thrown) {
      const error = toApiError(thrown);
      const notNow = error.status === 429 || error.status === 503;
      if (error.indeterminate) unknown = error;
      else if (unknown === null || !notNow) return { kind: 'refused', error };
      if (attempt < TRIES) await wait((error.retryAfter ?? 0) * 1000 || PAUSE_MS * attempt);
    }
  }
  return unknown === null
    ? { kind: 'refused', error: toApiError(new Error('No answer')) }
    : { kind: 'unknown', error: unknown };
}
