import { screen } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '@/testing/render';
import { route, server, user } from '@/testing/server';
import { Component as SecurityLog } from './security-log';

const event = (id: string, userId: string) => ({
  id,
  at: '2026-11-21T00:00:00.000Z',
  kind: 'signed_in',
  user_id: userId,
  actor_id: '',
  address: '203.0.113.7',
  request_id: 'r',
  facts: { how: 'password' },
  hash: 'h',
});

beforeEach(() => {
  document.cookie = 'csrf_token=csrf';
  server.use(
    http.get(route('/audit-logs'), ({ request }) => {
      const all = new URL(request.url).searchParams.get('all') === 'true';
      const others = all ? [event('2', '650000000000000000000002')] : [];
      return HttpResponse.json({ items: [...others, event('1', user.id)], next_cursor: null });
    }),
  );
});

describe('security log', () => {
  it('shows people their own events and nothing else to choose', async () => {
    await renderPage(SecurityLog, { path: '/settings/security-log', texts: ['audit-logs'] });
    expect(await screen.findAllByRole('listitem')).toHaveLength(1);
    expect(screen.queryByRole('radio', { name: 'Everybody' })).toBeNull();
  });

  it('lets administrators look at every account, which each event then names', async () => {
    server.use(http.get(route('/auth/me'), () => HttpResponse.json({ ...user, role: 'admin' })));
    const { pointer } = await renderPage(SecurityLog, {
      path: '/settings/security-log',
      texts: ['audit-logs'],
    });
    await pointer.click(await screen.findByRole('radio', { name: 'Everybody' }));
    expect(await screen.findByText(/Account 650000000000000000000002/)).toBeVisible();
    expect(screen.getAllByRole('listitem')).toHaveLength(2);
  });
});
