const KEY = 'cv-oauth';

/** Why the browser went to a provider, and the secret that proves it is the same page that comes back. */
export interface Departure {
  purpose: 'login' | 'link';
  verifier: string;
  next: string;
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** Keeps a new secret in this tab and answers its hash, which the server binds the sign-in to. */
export async function depart(purpose: Departure['purpose'], next: string): Promise<string> {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const departure: Departure = { purpose, verifier, next };
  sessionStorage.setItem(KEY, JSON.stringify(departure));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(digest));
}

/** What was kept at the departure; null in a tab that never left. It is forgotten by reading it. */
export function arrive(): Departure | null {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return kept === null ? null : (JSON.parse(kept) as Departure);
}
