import { QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import type { ReactNode } from 'react';
import { expect, it } from 'vitest';
import { route, server } from '../testing/server';
import { createQueryClient } from './query-client';
import { sessionQuery, useLogout } from './session';

it('forgets at log-out everything that belonged to the session, and nothing that is everybody’s', async () => {
  server.use(http.post(route('/auth/logout'), () => new HttpResponse(null, { status: 204 })));
  const client = createQueryClient();
  client
    .getQueryCache()
    .build(client, { queryKey: ['wallet'], meta: { own: true } })
    .setData('mine');
  client.setQueryData(['markets'], 'everybody’s');
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => useLogout(), { wrapper });
  await act(() => result.current.mutateAsync());
  expect(client.getQueryData(['wallet'])).toBeUndefined();
  expect(client.getQueryData(sessionQuery.queryKey)).toBeNull();
  expect(client.getQueryData(['markets'])).toBe('everybody’s');
});
