declare global {
  interface Window {
    /** Put there by public/first.js: what the page asked the API for while the program was still arriving. */
    earlyAnswers?: Record<string, Promise<unknown>>;
  }
}

/** After this long the page is not starting any more, and an answer from then would be an old one. */
const START_MS = 10_000;

/** The answer to a request made before the program ran, once; asks now where there is none or it failed. */
export async function earlyOr<Answer>(address: string, ask: () => Promise<Answer>): Promise<Answer> {
  const early = window.earlyAnswers?.[address];
  if (early === undefined) return ask();
  delete window.earlyAnswers?.[address];
  if (performance.now() > START_MS) return ask();
  return ((await early) as Answer | undefined) ?? ask();
}
