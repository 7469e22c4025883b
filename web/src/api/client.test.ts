// @vitest-environment jsdom
import '../testing/setup';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { refuse, route, server } from '../testing/server';
import { api } from './client';
import { ApiError } from './errors';

const order = { market: 'BTC-USDT', side: 'buy', type: 'market', total: '10' } as const;

describe('api client', () => {
  it('sends the CSRF token with everything that changes something', async () => {
    let token: string | null = null;
    server.use(
      http.post(route('/orders'), ({ request }) => {
        token = request.headers.get('X-CSRF-Token');
        return HttpResponse.json({ id: '1' });
      }),
    );
    await api.post('/orders', order);
    expect(token).toBe('csrf');
  });

  it('refreshes an expired session once for any number of requests, and repeats them', async () => {
    let refreshes = 0;
    server.use(
      http.get(route('/portfolio'), () =>
        refreshes === 0 ? refuse(401, 'AUTHENTICATION_ERROR', 'Expired.') : HttpResponse.json({ ok: true }),
      ),
      http.post(route('/auth/refresh'), () => {
        refreshes += 1;
        return HttpResponse.json({});
      }),
    );
    const answers = await Promise.all([api.get('/portfolio'), api.get('/portfolio'), api.get('/portfolio')]);
    expect(answers).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(refreshes).toBe(1);
  });

  it('asks for reads that are not older than the last answer', async () => {
    const asked: (string | null)[] = [];
    server.use(
      http.post(route('/orders'), () => HttpResponse.json({ id: '1' }, { headers: { 'X-Seq': '41' } })),
      http.get(route('/portfolio'), ({ request }) => {
        asked.push(request.headers.get('X-Seq'));
        return HttpResponse.json({});
      }),
    );
    await api.post('/orders', order);
    await api.get('/portfolio');
    expect(asked).toEqual(['41']);
  });

  it('throws the refusal in the words of the API', async () => {
    server.use(
      http.post(route('/wallet/faucet'), () =>
        refuse(429, 'RATE_LIMIT_EXCEEDED', 'Too many requests.', { 'Retry-After': '7' }),
      ),
    );
    const error = await api.post('/wallet/faucet', { asset: 'USDT' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 429,
      code: 'RATE_LIMIT_EXCEEDED',
      retryAfter: 7,
      requestId: 'test',
    });
  });

  it('fills the names of a route', async () => {
    server.use(http.delete(route('/orders/:id'), ({ params }) => HttpResponse.json({ id: params['id'] })));
    expect(await api.delete('/orders/{order_id}', { path: { order_id: '42' } })).toEqual({ id: '42' });
  });

  it('says that an unreachable server leaves the outcome unknown', async () => {
    server.use(http.post(route('/orders'), () => HttpResponse.error()));
    const error = await api.post('/orders', order).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 0, code: 'NETWORK_ERROR', indeterminate: true });
  });
});
