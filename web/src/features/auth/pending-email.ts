const KEY = 'cv-pending-email';

/** The address that waits for its code; survives a reload, not the tab. */
export function rememberPendingEmail(email: string): void {
  sessionStorage.setItem(KEY, email);
}

export function pendingEmail(): string | null {
  return sessionStorage.getItem(KEY);
}

export function forgetPendingEmail(): void {
  sessionStorage.removeItem(KEY);
}
