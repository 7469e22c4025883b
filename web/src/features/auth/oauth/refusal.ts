/** Why a provider sent the browser back without a code: keys of the texts `auth:callback.*`. */
const REFUSALS = ['state', 'denied', 'provider'] as const;

export type Refusal = (typeof REFUSALS)[number];

export function isRefusal(text: string): text is Refusal {
  return (REFUSALS as readonly string[]).includes(text);
}
