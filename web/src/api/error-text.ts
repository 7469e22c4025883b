import i18next from 'i18next';
import { formatIn } from '../lib/dates';
import { passkeyProblem } from '../lib/passkeys';
import common from '../locales/en/common.json';
import { toApiError } from './errors';

const DEFAULT_WAIT_SECONDS = 30;

type KnownCode = keyof typeof common.errors.code;

const isKnown = (code: string): code is KnownCode => code in common.errors.code;

/** What happened, in the reader's language where we have words for the code, else in the server's own. */
export function errorText(thrown: unknown): string {
  const passkey = passkeyProblem(thrown);
  if (passkey !== null) return i18next.t(`passkey.${passkey}`);
  const { code, message, retryAfter } = toApiError(thrown);
  const when = formatIn(retryAfter ?? DEFAULT_WAIT_SECONDS, i18next.language);
  return isKnown(code) ? i18next.t(`errors.code.${code}`, { when }) : message;
}
