import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import i18next, { type FlatNamespace } from 'i18next';
import { Suspense, type ComponentType } from 'react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { createQueryClient } from '@/api/query-client';
import { Toaster } from '@/ui/toaster';

interface Options {
  /** The route's pattern, where it has parameters. */
  path?: string;
  /** The address in the browser. */
  at?: string;
  texts?: FlatNamespace[];
}

/** Mounts a page as the app does: router, queries, texts, toasts. Other addresses show themselves as text. */
export async function renderPage(Page: ComponentType, { path = '/', at = path, texts = [] }: Options = {}) {
  await i18next.loadNamespaces(texts);
  const client = createQueryClient();
  client.setDefaultOptions({ queries: { retry: false } });
  const elsewhere = {
    path: '*',
    Component: () => <p data-testid="elsewhere">{router.state.location.pathname}</p>,
  };
  const router = createMemoryRouter([{ path, Component: Page }, elsewhere], { initialEntries: [at] });
  const view = render(
    <QueryClientProvider client={client}>
      <Suspense fallback={null}>
        <RouterProvider router={router} />
      </Suspense>
      <Toaster label="Notifications" closeLabel="Close" />
    </QueryClientProvider>,
  );
  return { ...view, router, client, pointer: userEvent.setup() };
}
