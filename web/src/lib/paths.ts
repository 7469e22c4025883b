/** Every address of the web app, so that a link is never spelled twice. */
export const paths = {
  home: '/',
  signup: '/signup',
  login: '/login',
  verify: '/verify',
  forgotPassword: '/forgot-password',
  resetPassword: '/reset-password',
  dashboard: '/dashboard',
  markets: '/markets',
  trade: (pair: string) => `/trade/${pair}`,
  wallet: '/wallet',
  transactions: '/transactions',
  settings: '/settings',
  security: '/settings/security',
  sessions: '/settings/sessions',
  securityLog: '/settings/security-log',
  apiKeys: '/settings/api-keys',
  fees: '/settings/fees',
  notifications: '/settings/notifications',
  status: '/status',
  adminSetup: '/admin/setup',
  devMail: '/dev/mail',
  docs: '/docs',
} as const;

/** A path of our own, or null: whatever else stands in an address leads nowhere (open redirects). */
export function ownPath(next: string | null | undefined): string | null {
  return next != null && /^\/(?![/\\])/.test(next) ? next : null;
}

/** Where to go after signing in. */
export function returnPath(next: string | null | undefined): string {
  return ownPath(next) ?? paths.dashboard;
}

/** The security page, with the way back to `from`. */
export function securityPath(from: string): string {
  return `${paths.security}?next=${encodeURIComponent(from)}`;
}

/** The log-in address that comes back to `from`. */
export function loginPath(from: string): string {
  return from === paths.home ? paths.login : `${paths.login}?next=${encodeURIComponent(from)}`;
}
