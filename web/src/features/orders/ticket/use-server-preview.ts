import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { previewQuery } from '@/api/orders';
import type { OrderCreate, OrderPreview } from '@/api/types';
import type { TicketRequest } from './types';

/** A pause in the typing. */
const SETTLED_MS = 350;
/** The book moves on; what was told of it is asked again. */
const AGAIN_MS = 5_000;

/** A value once it has stood still for a moment; null at once. */
function useSettled(body: OrderCreate | null): OrderCreate | null {
  const text = body === null ? null : JSON.stringify(body);
  const [settled, setSettled] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), text === null ? 0 : SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled !== null && settled === text ? body : null;
}

/** What the exchange says a complete order would do; null until it has said so. Groups have no preview. */
export function useServerPreview(request: TicketRequest | null): OrderPreview | null {
  const body = useSettled(request?.kind === 'order' ? request.body : null);
  const { data } = useQuery({ ...previewQuery(body), refetchInterval: AGAIN_MS });
  return body === null ? null : (data ?? null);
}
