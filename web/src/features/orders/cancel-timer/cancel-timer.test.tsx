import { http, HttpResponse } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refuse, route, server } from '@/testing/server';
import { chooseCancelTimer, formatLeft, resumeCancelTimer, useCancelTimer } from './cancel-timer';

const sent: unknown[] = [];

beforeEach(() => {
  document.cookie = 'csrf_token=csrf';
  sent.length = 0;
  sessionStorage.clear();
  server.use(
    http.put(route('/orders/cancel-timer'), async ({ request }) => {
      const body = (await request.json()) as { after_ms: number };
      sent.push(body.after_ms);
      return HttpResponse.json({ cancels_at: body.after_ms === 0 ? null : '2026-01-01T00:02:00Z' });
    }),
  );
});
afterEach(async () => {
  await chooseCancelTimer(0);
  vi.useRealTimers();
});

describe('the cancel timer', () => {
  it('is armed, wound up again and again, and disarmed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await chooseCancelTimer(2);
    expect(useCancelTimer.getState()).toMatchObject({ minutes: 2, cancelsAt: '2026-01-01T00:02:00Z' });
    vi.advanceTimersByTime(30_000);
    await vi.waitFor(() => expect(sent).toEqual([120_000, 120_000]));
    await chooseCancelTimer(0);
    vi.advanceTimersByTime(120_000);
    expect(sent).toEqual([120_000, 120_000, 0]);
    expect(useCancelTimer.getState().cancelsAt).toBeNull();
  });

  it('goes on after a reload', async () => {
    sessionStorage.setItem('cv-cancel-timer', '5');
    resumeCancelTimer();
    await vi.waitFor(() => expect(sent).toEqual([300_000]));
  });

  it('says so when it could not be wound up', async () => {
    server.use(http.put(route('/orders/cancel-timer'), () => refuse(503, 'OVERLOADED', 'Busy.')));
    await chooseCancelTimer(2);
    expect(useCancelTimer.getState().failing).toBe(true);
  });
});

describe('formatLeft', () => {
  it('counts down to nothing', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(formatLeft('2026-01-01T00:04:05Z', now)).toBe('4:05');
    expect(formatLeft('2025-12-31T23:00:00Z', now)).toBe('0:00');
  });
});
