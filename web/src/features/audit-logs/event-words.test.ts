import { describe, expect, it } from 'vitest';
import { isAlarming, isKnownKind, plainKind } from './event-words';

describe('security events in words', () => {
  it('has a readable name even for a kind it does not know', () => {
    expect(isKnownKind('signed_in')).toBe(true);
    expect(isKnownKind('something_new')).toBe(false);
    expect(plainKind('something_new')).toBe('Something new');
  });

  it('marks what somebody else may have tried, not what the owner locked', () => {
    expect(isAlarming('sign_in_refused')).toBe(true);
    expect(isAlarming('second_factor_locked')).toBe(true);
    expect(isAlarming('settings_locked')).toBe(false);
    expect(isAlarming('signed_in')).toBe(false);
  });
});
