import i18next from 'i18next';
import common from '../locales/en/common.json';
import { toApiError } from './errors';

type KnownCode = keyof typeof common.errors.code;

const isKnown = (code: string): code is KnownCode => code in common.errors.code;

/** What happened, in the reader's language where we have words for the code, else in the server's own. */
export function errorText(thrown: unknown): string {
  const { code, message, retryAfter } = toApiError(thrown);
  return isKnown(code) ? i18next.t(`errors.code.${code}`, { seconds: retryAfter ?? 30 }) : message;
}
