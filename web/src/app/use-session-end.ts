import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { sessionQuery, sessionStateQuery, useSession } from '@/api/session';
import { forgetSessionEnd, useSessionEnd } from '@/api/session-end';
import { lastAttended, watchAttendance } from '@/lib/attendance';
import { paths } from '@/lib/paths';
import { toast } from '@/ui/toast';

const ARRIVAL_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** A session that may lie unused for longer needs nobody to keep it alive. */
const LONG_SECONDS = 86_400;

/** A session that has ended by itself: pages of one's own lead to the log-in, which says why; others say it here. */
export function useSessionEnding(): void {
  const { t } = useTranslation();
  const client = useQueryClient();
  const reason = useSessionEnd((store) => store.reason);
  const signedIn = useSession().data != null;
  const wasSignedIn = useRef(false);
  useEffect(() => {
    if (signedIn) wasSignedIn.current = true;
    if (reason === null || !wasSignedIn.current) return;
    wasSignedIn.current = false;
    client.removeQueries({ predicate: (query) => query.meta?.['own'] === true });
    client.setQueryData(sessionQuery.queryKey, null);
    // A page of one's own is on its way to the log-in, which says it too.
    setTimeout(() => {
      if (window.location.pathname !== paths.login) toast.info(t(`sessionEnd.${reason}`));
    }, ARRIVAL_MS);
  }, [reason, signedIn, client, t]);
}

/** Whoever only reads and moves the mouse is there all the same, and the server has to hear of it. */
export function useKeepAlive(): void {
  const user = useSession().data;
  const { data: state } = useQuery({ ...sessionStateQuery(user?.id ?? ''), enabled: user != null });
  const idle = user != null && state !== undefined ? state.idle_seconds : Infinity;
  useEffect(watchAttendance, []);
  useEffect(() => {
    if (user != null) forgetSessionEnd();
  }, [user]);
  useEffect(() => {
    if (idle > LONG_SECONDS) return undefined;
    let told = Date.now();
    const tell = () => {
      if (lastAttended() <= told) return;
      told = Date.now();
      api.get('/auth/session').catch(() => undefined);
    };
    const timer = setInterval(tell, Math.min((idle * 1000) / 4, LONGEST_PAUSE_MS));
    return () => clearInterval(timer);
  }, [idle]);
}
