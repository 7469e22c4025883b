/** The server's rule where the password is the only factor; there are no rules of composition. */
export const PASSWORD_MIN = 15;
export const PASSWORD_MAX = 128;

/** What can be said about a password while it is typed; the server has the last word and knows the leaked ones. */
export interface PasswordStrength {
  /** 0: nothing typed; 1 (weak) to 4 (strong). */
  level: 0 | 1 | 2 | 3 | 4;
  /** What to say: a key of the texts `common:password.strength.*`. */
  verdict: 'none' | 'short' | 'repeats' | 'common' | 'refused' | 'weak' | 'fair' | 'good' | 'strong';
}

/** The server's estimate: 0 to 4, and whether it would take the password. */
export interface Rated {
  score: number;
  acceptable: boolean;
}

const COMMON =
  /password|passwort|qwert[yz]\w*|letmein|iloveyou|cryptovault|bitcoin|welcome|admin|monkey|dragon/g;
const MIN_DIFFERENT = 5;
const MIN_OWN = 10;

/** Bits at which a level begins, from weak to strong. */
const FAIR = 36;
const GOOD = 52;
const STRONG = 75;

const POOLS: readonly (readonly [RegExp, number])[] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/[0-9]/, 10],
  [/[^a-zA-Z0-9]/, 20],
];

/** Characters that say something: a run such as "aaaa" or "1234" counts as its first. */
function tellingCharacters(text: string): number {
  let telling = 0;
  for (let index = 0; index < text.length; index += 1) {
    const step = index === 0 ? NaN : text.charCodeAt(index) - text.charCodeAt(index - 1);
    if (!(Math.abs(step) <= 1)) telling += 1;
  }
  return telling;
}

/** Letters of words are guessed as words: a character of a phrase is worth less than a random one. */
function bits(text: string): number {
  const pool = POOLS.reduce((size, [kind, count]) => size + (kind.test(text) ? count : 0), 0);
  const perCharacter = /^[\p{L} '-]+$/u.test(text) ? 2.6 : Math.log2(Math.max(pool, 2)) * 0.75;
  return tellingCharacters(text) * perCharacter;
}

function withoutKnownWords(password: string, email: string): string {
  const address = email.trim().toLowerCase();
  const words = [address, address.split('@')[0] ?? ''].filter((word) => word.length > 3);
  const lower = password.toLowerCase().replace(COMMON, '');
  return words.reduce((rest, word) => rest.replaceAll(word, ''), lower);
}

const BY_SCORE: readonly PasswordStrength[] = [
  { level: 1, verdict: 'weak' },
  { level: 1, verdict: 'weak' },
  { level: 2, verdict: 'fair' },
  { level: 3, verdict: 'good' },
  { level: 4, verdict: 'strong' },
];

/** The server's word where there is one; what is wrong by a rule we know is said at once. */
export function ratedStrength(
  password: string,
  email: string,
  rated: Rated | undefined,
  min = PASSWORD_MIN,
): PasswordStrength {
  const own = passwordStrength(password, email, min);
  if (rated === undefined || own.verdict === 'none' || own.verdict === 'short') return own;
  if (rated.acceptable) return BY_SCORE[rated.score] ?? own;
  return own.verdict === 'repeats' || own.verdict === 'common' ? own : { level: 1, verdict: 'refused' };
}

export function passwordStrength(password: string, email: string, min = PASSWORD_MIN): PasswordStrength {
  if (password === '') return { level: 0, verdict: 'none' };
  if (password.length < min) return { level: 1, verdict: 'short' };
  if (new Set(password).size < MIN_DIFFERENT) return { level: 1, verdict: 'repeats' };
  const own = withoutKnownWords(password, email);
  if (own.length < Math.min(MIN_OWN, min - 2)) return { level: 1, verdict: 'common' };
  const known = password.length - own.length;
  const strength = bits(known > 0 ? own : password);
  if (strength >= STRONG) return { level: 4, verdict: 'strong' };
  if (strength >= GOOD) return { level: 3, verdict: 'good' };
  if (strength >= FAIR) return { level: 2, verdict: 'fair' };
  return { level: 1, verdict: 'weak' };
}
