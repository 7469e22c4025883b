import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { errorText } from '@/api/error-text';
import { createOrder } from '@/api/orders';
import type { Order, OrderCreate } from '@/api/types';
import { addOrderRaw } from '@/stream/account-store';
import { newClientOrderId } from './client-order-id';
import { submitIntent, type Intent } from './submit-intent';

export type Submission =
  | { phase: 'idle' }
  | { phase: 'sending' | 'checking' }
  | { phase: 'unknown'; intent: Intent }
  | { phase: 'refused'; message: string };

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Sends orders one at a time and knows what became of the last one. */
export function usePlaceOrder(onPlaced: (order: Order) => void) {
  const client = useQueryClient();
  const [submission, setSubmission] = useState<Submission>({ phase: 'idle' });
  const busy = useRef(false);

  async function run(intent: Intent): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    setSubmission({ phase: 'sending' });
    const onRetry = () => setSubmission({ phase: 'checking' });
    const outcome = await submitIntent(intent, { send: createOrder, wait, onRetry });
    busy.current = false;
    if (outcome.kind === 'placed') {
      addOrderRaw(outcome.order);
      setSubmission({ phase: 'idle' });
      onPlaced(outcome.order);
      void client.invalidateQueries({ queryKey: ['wallet'] });
      void client.invalidateQueries({ queryKey: ['orders', 'list'] });
    } else if (outcome.kind === 'refused') {
      setSubmission({ phase: 'refused', message: errorText(outcome.error) });
    } else {
      setSubmission({ phase: 'unknown', intent });
    }
  }

  return {
    submission,
    place: (request: OrderCreate) => run({ ...request, client_order_id: newClientOrderId() }),
    retry: () => (submission.phase === 'unknown' ? run(submission.intent) : Promise.resolve()),
    dismiss: () => setSubmission({ phase: 'idle' }),
  };
}
