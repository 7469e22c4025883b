import { useSyncExternalStore } from 'react';
import type { Book } from '@/api/types';
import { realOf } from '@/lib/paper';
import { useBooks } from '@/stream/book-store';

/** However fast books arrive, a page is painted once per frame. */
function subscribeOnFrames(changed: () => void): () => void {
  let frame = 0;
  const stop = useBooks.subscribe(() => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      changed();
    });
  });
  return () => {
    cancelAnimationFrame(frame);
    stop();
  };
}

/** The newest book of a market that is being followed, at most once per animation frame. */
export function useFrameBook(market: string): Book | undefined {
  return useSyncExternalStore(subscribeOnFrames, () => useBooks.getState().books[realOf(market)]);
}
