/** Longest wait for a quiet moment; a page that is never quiet gets its second wave all the same. */
const LATEST_MS = 1_000;

/** Runs something the first paint does not need, in the first quiet moment; call the answer to give it up. */
export function whenIdle(run: () => void): () => void {
  // Safari has no idle callbacks: a moment later is near enough.
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(run, 50);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(run, { timeout: LATEST_MS });
  return () => cancelIdleCallback(handle);
}
