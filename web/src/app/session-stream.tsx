import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { sessionQuery, useSession } from '@/api/session';
import { whenIdle } from '@/lib/when-idle';
import { useAccount } from '@/stream/account-store';
import type { User } from '@/api/types';
import { useConnection } from '@/stream/connection-store';
import { startStream, stream } from '@/stream/stream';
import { useCatchUp, useRoom } from '@/stream/use-live';
import { useMarketRules } from '@/stream/use-market-rules';
import { useKeepAlive, useSessionEnding } from './use-session-end';

const RECOGNITION_PAUSE_MS = 30_000;

/** Keeps the live connection in step with who is signed in, and own data in step with the live connection. */
export function SessionStream() {
  const { data: user, isPending } = useSession();
  useSessionEnding();
  useKeepAlive();
  useIdentity(isPending ? undefined : (user?.id ?? null));
  useRecognition(user != null);
  useRoom('prices');
  useMarketRules();
  useCatchUp();
  useFreshAfterFill();
  return null;
}

/** Connects when it is known who is asking (undefined: not yet), and again when that changes. */
function useIdentity(identity: string | null | undefined): void {
  const known = useRef<string | null | undefined>(undefined);
  useEffect(() => {
    if (identity === undefined) return;
    if (known.current === undefined) whenIdle(() => void startStream());
    else if (known.current !== identity) stream.identityChanged();
    known.current = identity;
  }, [identity]);
}

/**
 * A handshake after the access token had run out is an anonymous one: ask for the session, which refreshes the
 * token, and shake hands again. Once per connection, so that a server with another opinion is not besieged.
 */
function useRecognition(signedIn: boolean): void {
  const client = useQueryClient();
  const overlooked = useConnection((store) => store.recognised === false) && signedIn;
  const lastTry = useRef(0);
  useEffect(() => {
    if (!overlooked || Date.now() - lastTry.current < RECOGNITION_PAUSE_MS) return;
    lastTry.current = Date.now();
    const reconnect = (user: User | null) => {
      if (user !== null) stream.reconnect();
    };
    // Without an answer there is nothing to do: the connection itself is about to be lost as well.
    client.query({ ...sessionQuery, staleTime: 0 }).then(reconnect, () => undefined);
  }, [overlooked, client]);
}

/** A fill changes the portfolio and the history; both are read models that follow a moment later. */
function useFreshAfterFill(): void {
  const client = useQueryClient();
  const newest = useAccount((store) => store.fills[0]);
  useEffect(() => {
    if (newest === undefined) return undefined;
    const timer = setTimeout(() => {
      void client.invalidateQueries({ queryKey: ['portfolio'] });
      void client.invalidateQueries({ queryKey: ['transactions'] });
      void client.invalidateQueries({ queryKey: ['orders', 'list'] });
    }, 500);
    return () => clearTimeout(timer);
  }, [newest, client]);
}
