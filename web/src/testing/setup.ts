import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { startI18n } from '@/lib/i18n';
import { server } from './server';

// jsdom lays nothing out; these browser APIs exist so that components which ask for them can mount.
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);
vi.stubGlobal('scrollTo', () => undefined);
Element.prototype.hasPointerCapture = () => false;
Element.prototype.scrollIntoView = () => undefined;

// A machine under load is slow, not wrong.
configure({ asyncUtilTimeout: 8_000 });

beforeAll(async () => {
  server.listen({ onUnhandledRequest: 'error' });
  await startI18n('en');
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
});
afterAll(() => server.close());
