import { describe, expect, it } from 'vitest';
import { readEnv } from './env';
import { loginPath, paths, returnPath } from './paths';

describe('paths', () => {
  it('comes back to where one was going', () => {
    const path = loginPath('/wallet?x=1');
    expect(returnPath(new URLSearchParams(path.split('?')[1]).get('next'))).toBe('/wallet?x=1');
  });

  it('never leaves for another site', () => {
    for (const next of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      null,
    ]) {
      expect(returnPath(next)).toBe(paths.dashboard);
    }
  });
});

describe('env', () => {
  it('means the same origin where nothing is set', () => {
    expect(readEnv({}).apiBaseUrl).toBe('/api/v1');
  });

  it('refuses an address that is not one', () => {
    expect(() => readEnv({ VITE_API_BASE_URL: 'localhost:8001' })).toThrow('VITE_API_BASE_URL');
  });
});
