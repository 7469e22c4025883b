import { env } from '../lib/env';

/** Cookies of another origin cannot be read by scripts. */
export const isCrossOrigin = env.apiBaseUrl.startsWith('http');

/** The CSRF token of the present session, as the server left it for us. */
export function csrfCookie(): string | undefined {
  const entry = document.cookie.split('; ').find((part) => part.startsWith('csrf_token='));
  return entry === undefined ? undefined : decodeURIComponent(entry.slice('csrf_token='.length));
}

export function hasCsrfCookie(): boolean {
  return csrfCookie() !== undefined;
}
