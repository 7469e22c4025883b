import type { ApiKeyCreate, ApiKeyScope } from '@/api/types';

/** What the form holds, as it is typed. */
export interface KeyDraft {
  name: string;
  kind: 'hmac-sha256' | 'ed25519';
  scopes: readonly ApiKeyScope[];
  networks: string;
  publicKey: string;
  /** Days until it ends; '' for never. */
  days: '' | '30' | '90' | '365';
}

export const EMPTY_DRAFT: KeyDraft = {
  name: '',
  kind: 'hmac-sha256',
  scopes: ['read'],
  networks: '',
  publicKey: '',
  days: '90',
};

export type DraftField = 'name' | 'scopes' | 'networks' | 'public_key';
/** Names of the texts `api-keys:problem.*`, by field. */
export type DraftProblems = Partial<
  Record<DraftField, 'name' | 'scopes' | 'networks' | 'withdrawNetworks' | 'publicKey'>
>;

const NAME_MAX = 60;
const DAY_MS = 86_400_000;
const PLAUSIBLE_NETWORK = /^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)(\/[0-9]{1,3})?$/i;

/** One address or network per line, commas and spaces are as good. */
export function networksOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== '');
}

export function draftProblems(draft: KeyDraft): DraftProblems {
  const problems: DraftProblems = {};
  const networks = networksOf(draft.networks);
  const name = draft.name.trim();
  if (name === '' || name.length > NAME_MAX) problems.name = 'name';
  if (draft.scopes.length === 0) problems.scopes = 'scopes';
  if (!networks.every((network) => PLAUSIBLE_NETWORK.test(network))) problems.networks = 'networks';
  else if (draft.scopes.includes('withdraw') && networks.length === 0) problems.networks = 'withdrawNetworks';
  if (draft.kind === 'ed25519' && draft.publicKey.trim() === '') problems.public_key = 'publicKey';
  return problems;
}

/** The request the draft stands for; `now` is an argument so that tests own the clock. */
export function toRequest(draft: KeyDraft, now: number = Date.now()): ApiKeyCreate {
  return {
    name: draft.name.trim(),
    scopes: [...draft.scopes],
    networks: networksOf(draft.networks),
    public_key: draft.kind === 'ed25519' ? draft.publicKey.trim() : null,
    expires_at: draft.days === '' ? null : new Date(now + Number(draft.days) * DAY_MS).toISOString(),
  };
}
