import { describe, expect, it } from 'vitest';
import { formatAgo, formatIn } from './dates';

const NOW = Date.parse('2026-11-21T12:00:00Z');

describe('dates', () => {
  it('says how long ago in the largest unit that fits', () => {
    expect(formatAgo('2026-11-21T11:59:30Z', 'en', NOW)).toBe('now');
    expect(formatAgo('2026-11-21T11:15:00Z', 'en', NOW)).toBe('45 minutes ago');
    expect(formatAgo('2026-11-20T11:00:00Z', 'en', NOW)).toBe('yesterday');
    expect(formatAgo('2026-11-21T09:00:00Z', 'de', NOW)).toBe('vor 3 Stunden');
  });

  it('rounds a waiting time up', () => {
    expect(formatIn(7, 'en')).toBe('in 7 seconds');
    expect(formatIn(61, 'en')).toBe('in 2 minutes');
    expect(formatIn(3600, 'de')).toBe('in 1 Stunde');
  });
});
