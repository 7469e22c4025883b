import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { previewQuery } from '@/api/orders';
import type { Placing } from '@/api/types';
import type { ServerPreview } from './preview-figures';

/** A pause in the typing. */
const SETTLED_MS = 350;
/** The book moves on; what was told of it is asked again. */
const AGAIN_MS = 5_000;

/** A value once it has stood still for a moment; null at once. */
function useSettled(placing: Placing | null): Placing | null {
  const text = placing === null ? null : JSON.stringify(placing);
  const [settled, setSettled] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), text === null ? 0 : SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled !== null && settled === text ? placing : null;
}

/** What the exchange says that something complete would do; null until it has said so. */
export function useServerPreview(request: Placing | null): ServerPreview | null {
  const placing = useSettled(request);
  const { data } = useQuery({ ...previewQuery(placing), refetchInterval: AGAIN_MS });
  return placing === null ? null : (data ?? null);
}
