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

/** Where to go after signing in; anything but a path of our own is refused (open redirects). */
export function returnPath(next: string | null | undefined): string {
  return next != null && /^\/(?![/\\])/.test(next) ? next : paths.dashboard;
}

/** The log-in address that comes back to `from`. */
export function loginPath(from: string): string {
  return from === paths.home ? paths.login : `${paths.login}?next=${encodeURIComponent(from)}`;
}
