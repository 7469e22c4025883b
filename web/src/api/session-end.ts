import { create } from 'zustand';
import type { ApiError } from './errors';

/** Ends that a person is told of; others follow from something they have just done. */
const TOLD = ['idle', 'absolute', 'revoked', 'too_many_sessions'] as const;

export type SessionEnd = (typeof TOLD)[number];

const isTold = (reason: unknown): reason is SessionEnd => TOLD.some((known) => known === reason);

/** Why the session of this browser has ended without its person having said so; null where it has not. */
export const useSessionEnd = create<{ reason: SessionEnd | null }>()(() => ({ reason: null }));

/** The server has refused to renew the session, and says why. */
export function noteSessionEnd({ status, details }: ApiError): void {
  if (status !== 401 || typeof details !== 'object' || details === null || !('reason' in details)) return;
  if (isTold(details.reason)) useSessionEnd.setState({ reason: details.reason });
}

/** Somebody is signed in again. */
export const forgetSessionEnd = () => useSessionEnd.setState({ reason: null });
