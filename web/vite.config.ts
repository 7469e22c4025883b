import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { compressed, firstPaint } from './first-paint.config.ts';

const backend = process.env.CRYPTOVAULT_URL ?? 'http://localhost:8001';

/** Small parts of every page with a list, with what they are made of. */
const LISTS =
  /src\/(ui\/(input|table|segmented|tabs|later-select|empty-state|error-state)\.tsx|ui\/select-face|api\/error-text|lib\/dates|features\/markets\/market-rows)|useInfiniteQuery|icons\/(search|x|plus|star|chevron-down)\./;
/** What opens over a page. */
const FLOATING = /src\/ui\/(select|dialog|tooltip|dropdown-menu|switch|confirm-dialog)\.tsx/;

export default defineConfig({
  plugins: [react(), tailwindcss(), firstPaint, compressed],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    port: 5173,
    proxy: {
      '/api': { target: backend },
      '/dev': { target: backend },
      '/docs': { target: backend },
      '/socket.io': { target: backend, ws: true },
      '/ws': { target: backend, ws: true },
    },
  },
  build: {
    outDir: 'dist',
    target: 'es2022',
    rolldownOptions: {
      output: {
        // Two files for the first paint instead of forty. What only some pages need stays apart, but not in
        // crumbs: on a phone's network each file costs more than its kilobyte.
        codeSplitting: {
          groups: [
            { name: 'vendor', tags: ['$initial'], test: /node_modules/, priority: 2 },
            { name: 'app', tags: ['$initial'], priority: 1 },
            { name: 'lists', test: LISTS },
            { name: 'floating', test: FLOATING },
          ],
        },
      },
    },
  },
  test: {
    css: false,
    testTimeout: 15_000,
    // Each file has a page and our modules of its own (testing/fresh-modules.ts); packages are loaded once for each worker,
    // which takes half of the time.
    isolate: false,
    // What renders needs a page to render into. What only calculates starts ten times faster without one; a file that
    // needs the browser's objects all the same says so in its first line.
    projects: [
      {
        extends: true,
        test: {
          name: 'pages',
          environment: 'jsdom',
          include: ['src/**/*.test.tsx'],
          setupFiles: ['./src/testing/fresh-modules.ts', './src/testing/setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'logic',
          environment: 'node',
          include: ['src/**/*.test.ts'],
          setupFiles: ['./src/testing/fresh-modules.ts'],
        },
      },
    ],
  },
});
