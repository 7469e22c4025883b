import { env } from '../lib/env';

/** Cookies of another origin cannot be read by scripts. */
export const isCrossOrigin = env.apiBaseUrl.startsWith('http');

/** Over TLS the name has the prefix that keeps other hosts from planting such a cookie. */
const NAMES = ['__Host-csrf_token', 'csrf_token'];

/** The CSRF token of the present session, as the server left it for us. */
export function csrfCookie(): string | undefined {
  const cookies = new Map(document.cookie.split('; ').map((part) => part.split('=', 2) as [string, string]));
  const value = NAMES.map((name) => cookies.get(name)).find((found) => found !== undefined);
  return value === undefined ? undefined : decodeURIComponent(value);
}

export function hasCsrfCookie(): boolean {
  return csrfCookie() !== undefined;
}
