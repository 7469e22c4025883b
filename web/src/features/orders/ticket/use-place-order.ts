import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { errorText } from '@/api/error-text';
import { createBracket, createOco, createOrder } from '@/api/orders';
import type { Order, Placing } from '@/api/types';
import { addOrderRaw } from '@/stream/account-store';
import { newClientOrderId } from './client-order-id';
import { submitIntent, type Intent } from './submit-intent';

export type Submission =
  | { phase: 'idle' }
  | { phase: 'sending' | 'checking' }
  | { phase: 'unknown'; intent: Intent }
  | { phase: 'refused'; message: string };

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function send({ request, key }: Intent): Promise<Order[]> {
  const named = { client_order_id: key };
  switch (request.kind) {
    case 'order':
      return [await createOrder({ ...request.body, ...named })];
    case 'oco':
      return (await createOco({ ...request.body, ...named })).orders;
    case 'bracket':
      return (await createBracket({ ...request.body, ...named })).orders;
  }
}

/** Sends orders one at a time and knows what became of the last one. */
export function usePlaceOrder(onPlaced: (orders: Order[]) => void) {
  const client = useQueryClient();
  const [submission, setSubmission] = useState<Submission>({ phase: 'idle' });
  const busy = useRef(false);

  async function run(intent: Intent): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    setSubmission({ phase: 'sending' });
    const onRetry = () => setSubmission({ phase: 'checking' });
    const outcome = await submitIntent(intent, { send, wait, onRetry });
    busy.current = false;
    if (outcome.kind === 'placed') {
      for (const order of outcome.orders) addOrderRaw(order);
      setSubmission({ phase: 'idle' });
      onPlaced(outcome.orders);
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
    place: (request: Placing) => run({ request, key: newClientOrderId() }),
    retry: () => (submission.phase === 'unknown' ? run(submission.intent) : Promise.resolve()),
    dismiss: () => setSubmission({ phase: 'idle' }),
  };
}
