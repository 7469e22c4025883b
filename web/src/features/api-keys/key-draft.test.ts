import { describe, expect, it } from 'vitest';
import { draftProblems, EMPTY_DRAFT, networksOf, toRequest } from './key-draft';

const draft = { ...EMPTY_DRAFT, name: 'Grid bot' };

describe('a new API key', () => {
  it('reads addresses however they are separated', () => {
    expect(networksOf(' 203.0.113.7\n2001:db8::/32, 10.0.0.0/8;')).toEqual([
      '203.0.113.7',
      '2001:db8::/32',
      '10.0.0.0/8',
    ]);
  });

  it('needs a name, a scope and addresses that are some', () => {
    expect(draftProblems(draft)).toEqual({});
    expect(draftProblems({ ...draft, name: ' ', scopes: [], networks: 'home' })).toEqual({
      name: 'name',
      scopes: 'scopes',
      networks: 'networks',
    });
  });

  it('may withdraw only from named addresses', () => {
    const withdrawing = { ...draft, scopes: ['withdraw'] as const };
    expect(draftProblems(withdrawing)).toEqual({ networks: 'withdrawNetworks' });
    expect(draftProblems({ ...withdrawing, networks: '203.0.113.7' })).toEqual({});
  });

  it('sends a public key only where it signs with one, and ends when asked to', () => {
    const sent = toRequest({ ...draft, publicKey: 'left over', days: '30' }, 0);
    expect(sent.public_key).toBeNull();
    expect(sent.expires_at).toBe('1970-01-31T00:00:00.000Z');
    expect(toRequest({ ...draft, days: '' }).expires_at).toBeNull();
  });
});
