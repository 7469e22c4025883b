/** Times arrive as ISO 8601 UTC and are shown in the reader's own zone. */
export function formatDateTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

export function formatDate(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(iso));
}

/** Hours, minutes and seconds, for tapes and fills. */
export function formatTime(iso: string, language: string): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(language, options).format(new Date(iso));
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** "2 hours ago"; below a minute "now". `now` is an argument so that tests own the clock. */
export function formatAgo(iso: string, language: string, now: number = Date.now()): string {
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const elapsed = new Date(iso).getTime() - now;
  const step = STEPS.find(([, size]) => Math.abs(elapsed) >= size);
  return step ? relative.format(Math.trunc(elapsed / step[1]), step[0]) : relative.format(0, 'second');
}

/** "in 45 seconds", "in 2 minutes", "in 1 hour": rounded up, so that nobody comes back too early. */
export function formatIn(seconds: number, language: string): string {
  const relative = new Intl.RelativeTimeFormat(language);
  if (seconds >= 3600) return relative.format(Math.ceil(seconds / 3600), 'hour');
  if (seconds >= 60) return relative.format(Math.ceil(seconds / 60), 'minute');
  return relative.format(Math.ceil(seconds), 'second');
}

/** "5 minutes", "90 seconds": whole minutes where it is some. */
export function formatSpan(seconds: number, language: string): string {
  const [value, unit] = seconds % 60 === 0 ? [seconds / 60, 'minute'] : [seconds, 'second'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}
