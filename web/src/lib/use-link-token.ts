import { useState } from 'react';

/** The secret of a mailed link stands behind its #, which no browser sends anywhere. */
export function useLinkToken(): string {
  const [token] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get('token') ?? '');
  return token;
}
