import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/api/errors';
import type { Order } from '@/api/types';
import { submitIntent, type Intent } from './submit-intent';

const intent: Intent = {
  request: { kind: 'order', body: { market: 'BTC-USDT', side: 'buy', type: 'market', total: '10' } },
  key: 'web-1',
};
const order = { id: '7', status: 'filled' } as Order;
const lost = new ApiError('Network Error', { status: 0, code: 'NETWORK_ERROR' });
const timedOut = new ApiError('Timed out', { status: 503, code: 'OUTCOME_UNKNOWN' });
const busy = new ApiError('Busy', { status: 503, code: 'ENGINE_BUSY', retryAfter: 1 });
const poor = new ApiError('Not enough', { status: 422, code: 'INSUFFICIENT_FUNDS' });

function run(...answers: (Order | ApiError)[]) {
  const send = vi.fn((_sent: Intent) => {
    const answer = answers.shift();
    return answer instanceof ApiError || answer === undefined
      ? Promise.reject(answer ?? lost)
      : Promise.resolve([answer]);
  });
  const onRetry = vi.fn();
  return { send, onRetry, outcome: submitIntent(intent, { send, wait: () => Promise.resolve(), onRetry }) };
}

describe('submitIntent', () => {
  it('sends once when the answer is clear', async () => {
    const { send, outcome } = run(order);
    expect(await outcome).toEqual({ kind: 'placed', orders: [order] });
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('repeats an unclear outcome with the same key', async () => {
    const { send, onRetry, outcome } = run(timedOut, lost, order);
    expect((await outcome).kind).toBe('placed');
    expect(send.mock.calls.map(([sent]) => sent.key)).toEqual(['web-1', 'web-1', 'web-1']);
    expect(onRetry).toHaveBeenCalledTimes(2);
  });

  it('gives a refusal at once', async () => {
    const { send, outcome } = run(poor);
    expect(await outcome).toMatchObject({ kind: 'refused', error: { code: 'INSUFFICIENT_FUNDS' } });
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('trusts a busy server that nothing was placed, when it was the first try', async () => {
    expect((await run(busy).outcome).kind).toBe('refused');
  });

  it('does not take "busy" for the answer to an earlier try', async () => {
    expect((await run(lost, busy, busy).outcome).kind).toBe('unknown');
    expect((await run(lost, busy, order).outcome).kind).toBe('placed');
  });

  it('takes a verdict on the order for the answer', async () => {
    expect((await run(lost, poor).outcome).kind).toBe('refused');
  });

  it('says so when the outcome stays unknown', async () => {
    expect((await run().outcome).kind).toBe('unknown');
  });
});
