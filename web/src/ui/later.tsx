import { Suspense, type ReactNode } from 'react';
import { useIdle } from '@/lib/use-idle';

interface LaterProps {
  /** Holds the place. */
  fallback: ReactNode;
  children: ReactNode;
}

/** What is not part of the first paint: its code is fetched in the first quiet moment. */
export function Later({ fallback, children }: LaterProps) {
  return useIdle() ? <Suspense fallback={fallback}>{children}</Suspense> : fallback;
}
