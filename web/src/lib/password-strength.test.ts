import { describe, expect, it } from 'vitest';
import { passwordStrength } from './password-strength';

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
});
