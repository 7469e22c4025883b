import { afterAll, vi } from 'vitest';

// The next file of this worker finds no store as this one left it.
afterAll(() => {
  vi.resetModules();
});
