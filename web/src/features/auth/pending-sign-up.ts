const KEY = 'cv-pending-sign-up';

/** A sign-up that waits for its code. Others may have signed up with the same address: the id is whose code counts. */
export interface PendingSignUp {
  email: string;
  userId: string;
}

/** Survives a reload, not the tab. */
export function rememberSignUp(signUp: PendingSignUp): void {
  sessionStorage.setItem(KEY, JSON.stringify(signUp));
}

export function pendingSignUp(): PendingSignUp | null {
  const kept = sessionStorage.getItem(KEY);
  return kept === null ? null : (JSON.parse(kept) as PendingSignUp);
}

export function forgetSignUp(): void {
  sessionStorage.removeItem(KEY);
}
