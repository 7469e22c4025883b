import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import landing from './src/locales/en/landing.json' with { type: 'json' };

const backend = process.env.CRYPTOVAULT_URL ?? 'http://localhost:8001';

/** Puts the first words of the landing page into index.html, so that they are painted before the program runs. */
const firstWords = {
  name: 'first-words',
  transformIndexHtml: (html: string) =>
    html.replace('%LANDING_HEADLINE%', landing.headline).replace('%LANDING_LEAD%', landing.lead),
};

export default defineConfig({
  plugins: [react(), tailwindcss(), firstWords],
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
        // Two files for the first paint instead of forty; what only some pages need stays apart.
        codeSplitting: {
          groups: [
            { name: 'vendor', tags: ['$initial'], test: /node_modules/, priority: 2 },
            { name: 'app', tags: ['$initial'], priority: 1 },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['./src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    css: false,
    testTimeout: 15_000,
  },
});
