import texts from '@/locales/en/audit-logs.json';

export type KnownKind = keyof typeof texts.kind;

export const isKnownKind = (kind: string): kind is KnownKind => kind in texts.kind;

type KnownFact = keyof typeof texts.fact;

export const isKnownFact = (name: string): name is KnownFact => name in texts.fact;

type KnownWay = keyof typeof texts.how;

export const isKnownWay = (way: string): way is KnownWay => way in texts.how;

/** What an event of a kind we have no words for is called: its own name, readable. */
export function plainKind(kind: string): string {
  const words = kind.replaceAll('_', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** Events that somebody else may have caused: to be looked at twice. */
export const isAlarming = (kind: string): boolean =>
  /refused|locked|reused|frozen|failed/.test(kind) && kind !== 'settings_locked';
