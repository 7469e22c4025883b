import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { PASSWORD_MIN } from '../lib/password-strength';
import { api } from './client';

const PAUSE_MS = 350;

/** What is typed, once nothing more has been typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** What the server thinks of a password while it is typed: it knows the leaked ones. Undefined until it has answered. */
export function useRatedPassword(typed: string, email: string, from = PASSWORD_MIN) {
  const password = useSettled(typed);
  const { data } = useQuery({
    queryKey: ['password-strength', password, email, from],
    queryFn: ({ signal }) =>
      api.post(
        '/auth/password-strength',
        { password, email, beside_factor: from < PASSWORD_MIN },
        { signal, noRefresh: true },
      ),
    enabled: password.length >= from && password === typed,
    placeholderData: keepPreviousData,
    // A password is not kept for longer than its field.
    gcTime: 0,
    retry: false,
  });
  return password === typed ? data : undefined;
}
