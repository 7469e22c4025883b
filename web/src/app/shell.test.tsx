import { QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeEach, describe, expect, it } from 'vitest';
import { createQueryClient } from '@/api/query-client';
import { followPreferences, usePreferences } from '@/lib/preferences';
import { setConnected, setDisconnected, useConnection } from '@/stream/connection-store';
import { useSessionEnd } from '@/api/session-end';
import { refuse, route, server } from '@/testing/server';
import { routes } from './router';

function open(at: string) {
  const router = createMemoryRouter(routes, { initialEntries: [at] });
  render(
    <QueryClientProvider client={createQueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return { router, pointer: userEvent.setup() };
}

const signIn = () => {
  document.cookie = 'csrf_token=csrf';
};

beforeEach(() => {
  document.cookie = 'csrf_token=; Max-Age=0';
  usePreferences.setState(usePreferences.getInitialState(), true);
  useConnection.setState(useConnection.getInitialState(), true);
  server.use(
    http.get(route('/health'), () => HttpResponse.json({ status: 'ok', version: '0.1.0', checks: {} })),
    http.get(route('/orders'), () => HttpResponse.json({ items: [], next_cursor: null })),
    http.get(route('/portfolio'), () => refuse(401, 'AUTHENTICATION_ERROR', 'Please sign in.')),
  );
});

describe('shell', () => {
  it('sends a visitor of an own page to the door, with the way back', async () => {
    const { router } = open('/wallet?x=1');
    expect(await screen.findByRole('heading', { name: 'Log in' })).toBeVisible();
    expect(router.state.location.search).toBe('?next=%2Fwallet%3Fx%3D1');
  });

  it('shows own places in the navigation only to those who are signed in', async () => {
    signIn();
    open('/nowhere');
    expect(await screen.findByRole('heading', { name: 'This page does not exist' })).toBeVisible();
    expect(await screen.findAllByRole('link', { name: 'Wallet' })).not.toHaveLength(0);
    expect(screen.getByRole('button', { name: 'Account menu' })).toBeVisible();
  });

  it('ends the session here when the server has ended it, and comes back to the same page', async () => {
    signIn();
    const { router } = open('/dashboard');
    expect(await screen.findByRole('heading', { name: 'Log in' })).toBeVisible();
    expect(router.state.location.search).toBe('?next=%2Fdashboard');
  });

  it.each([
    ['idle', /You were away for a while/],
    ['absolute', /A log-in lasts for a limited time/],
    ['revoked', /You were logged out from another device/],
  ])('says at the door why the session has ended: %s', async (reason, words) => {
    server.use(
      http.post(route('/auth/refresh'), () => refuse(401, 'AUTHENTICATION_ERROR', 'Ended.', {}, { reason })),
    );
    signIn();
    const { router } = open('/dashboard');
    expect(await screen.findByText(words)).toBeVisible();
    expect(router.state.location.search).toBe('?next=%2Fdashboard');
    useSessionEnd.setState({ reason: null });
  });

  it('fetches the appearance menu on the first wish, changes the theme at once and remembers it', async () => {
    followPreferences();
    const { pointer } = open('/status');
    await pointer.click(await screen.findByRole('button', { name: 'Theme and language' }));
    await pointer.click(await screen.findByRole('menuitem', { name: 'Dark' }));
    expect(document.documentElement).toHaveClass('dark');
    expect(localStorage.getItem('cv-preferences')).toContain('"theme":"dark"');
  });

  it('says that live data is interrupted, and is silent about a hiccup', async () => {
    open('/status');
    act(() => setConnected());
    act(() => setDisconnected(true));
    expect(screen.queryByText(/Live data was interrupted/)).not.toBeInTheDocument();
    expect(await screen.findByText(/Live data was interrupted/, {}, { timeout: 3_000 })).toBeVisible();
    act(() => setConnected());
    expect(screen.queryByText(/Live data was interrupted/)).not.toBeInTheDocument();
  });
});
