import './app/styles.css';
import { textsReady } from './app/texts';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { marketsQuery } from './api/markets';
import { createQueryClient } from './api/query-client';
import { App } from './app/app';
import { router } from './app/router';
import { followPreferences } from './lib/preferences';

/** Resolves when the code and texts of the first page have arrived (or failed, which is a page as well). */
function firstPage(): Promise<void> {
  if (router.state.initialized) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = router.subscribe(({ initialized }) => {
      if (!initialized) return;
      stop();
      resolve();
    });
  });
}

/** A page that is late is better shown without its figures. */
const LATEST_MS = 1_500;

/** Resolves when what was asked for before the program ran is there, so that the page is made once, with its figures. */
async function firstFigures(): Promise<void> {
  if (window.earlyAnswers?.['/markets'] === undefined) return;
  const late = new Promise((resolve) => setTimeout(resolve, LATEST_MS));
  // Where it fails, the page asks again and says so.
  const there = client.query(marketsQuery).catch(() => undefined);
  await Promise.race([there, late]);
}

const client = createQueryClient();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

followPreferences();
// Not awaited at the top level: the pages import from this file and would wait for it as it waits for them.
void Promise.all([textsReady, firstPage(), firstFigures()]).then(() => {
  // In slices, so that a slow phone still answers to a touch while the page is being made.
  startTransition(() => {
    createRoot(root).render(
      <StrictMode>
        <App client={client} />
      </StrictMode>,
    );
  });
});
