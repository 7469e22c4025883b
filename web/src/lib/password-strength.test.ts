import { describe, expect, it } from 'vitest';
import { passwordStrength, ratedStrength } from './password-strength';

const of = (password: string, email = 'ada@example.com') => passwordStrength(password, email).verdict;

describe('password strength', () => {
  it('asks for length first', () => {
    expect(of('')).toBe('none');
    expect(of('Tr0ub4dor&3')).toBe('short');
  });

  it('sees through repetition, common words and the address', () => {
    expect(of('aaaaaaaaaaaaaaaaaaaa')).toBe('repeats');
    expect(of('passwordpassword1')).toBe('common');
    expect(of('adalovelace@example.com', 'adalovelace@example.com')).toBe('common');
  });

  it('counts a run of neighbours as one character', () => {
    expect(of('abcdefghijklmnopqrst')).toBe('weak');
  });

  it('rates plain words by their length and random characters higher', () => {
    expect(of('quiet river train')).toBe('fair');
    expect(of('quiet river train umbrella')).toBe('good');
    expect(of('quiet river train umbrella marzipan')).toBe('strong');
    expect(of('x9$Kp2!vQz7#Lm4&')).toBe('strong');
  });

  it('takes the word of the server, which knows the leaked passwords', () => {
    const rated = (password: string, score: number, acceptable: boolean) =>
      ratedStrength(password, '', { score, acceptable });
    expect(rated('quiet river train', 4, true)).toEqual({ level: 4, verdict: 'strong' });
    expect(rated('quiet river train umbrella', 1, false)).toEqual({ level: 1, verdict: 'refused' });
    expect(rated('passwordpassword1', 0, false).verdict).toBe('common');
    expect(ratedStrength('quiet river train', '', undefined).verdict).toBe('fair');
  });
});
