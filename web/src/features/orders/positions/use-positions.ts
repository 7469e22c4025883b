import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ownTradesQuery } from '@/api/transactions';
import { usePaperMode } from '@/lib/paper';
import { useFreshFills } from '@/stream/use-live';
import { mergeFills } from '../list/fill-rows';
import { calculatePositions } from './positions';

/** Positions from all own trades, with those the stream brings laid on top. Only below a signed-in user. */
export function usePositions() {
  const { data, error, refetch } = useQuery(ownTradesQuery(usePaperMode()));
  const live = useFreshFills();
  const positions = useMemo(() => data && calculatePositions(mergeFills(data.items, live)), [data, live]);
  return { positions, complete: data?.complete ?? true, error, refetch };
}
