import { useTranslation } from 'react-i18next';
import { PASSWORD_MIN } from '@/lib/password-strength';
import { isProblem } from './auth-schemas';

/** The words for a field's problem: our own, or what the server said about it. */
export function useProblem(min = PASSWORD_MIN) {
  const { t } = useTranslation('auth');
  return (message: string | undefined) =>
    message !== undefined && isProblem(message) ? t(`problem.${message}`, { min }) : message;
}
