import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useSession } from '@/api/session';
import { useAccount } from '@/stream/account-store';
import { stream } from '@/stream/stream';
import { useCatchUp, useRoom } from '@/stream/use-live';

/** Keeps the live connection in step with who is signed in, and own data in step with the live connection. */
export function SessionStream() {
  const { data: user, isPending } = useSession();
  const identity = isPending ? undefined : (user?.id ?? null);
  const known = useRef(identity);
  useEffect(() => {
    if (known.current !== undefined && known.current !== identity) stream.identityChanged();
    known.current = identity;
  }, [identity]);
  useRoom('prices');
  useCatchUp();
  useFreshAfterFill();
  return null;
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
