import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AuditRecord } from '@/api/types';
import { cn } from '@/lib/cn';
import { formatAgo, formatDateTime } from '@/lib/dates';
import { isAlarming, isKnownFact, isKnownKind, isKnownWay, plainKind } from './event-words';

/** "password+totp" -> "password, authenticator app". */
function useWays(): (value: string) => string {
  const { t } = useTranslation('audit-logs');
  return (value) =>
    value
      .split('+')
      .map((way) => (isKnownWay(way) ? t(`how.${way}`) : plainKind(way).toLowerCase()))
      .join(', ');
}

const NAMED_IN_WORDS = new Set(['how', 'method', 'act']);

function useFacts(facts: AuditRecord['facts']): string {
  const { t } = useTranslation('audit-logs');
  const ways = useWays();
  return Object.entries(facts)
    .flatMap(([name, value]) => {
      const text = NAMED_IN_WORDS.has(name) ? ways(String(value)) : String(value);
      return isKnownFact(name) ? [t(`fact.${name}`, { value: text })] : [];
    })
    .join(' · ');
}

/** One event; `named` also says whose account it is about. */
export function EventRow({ event, named = false }: { event: AuditRecord; named?: boolean }) {
  const { t, i18n } = useTranslation('audit-logs');
  const alarming = isAlarming(event.kind);
  const Icon = alarming ? ShieldAlert : ShieldCheck;
  const facts = useFacts(event.facts);
  const account = named && event.user_id !== '' ? t('account', { id: event.user_id }) : '';
  return (
    <li className="flex items-start gap-3 border-t border-line px-4 py-3">
      <Icon className={cn('mt-0.5 size-4.5 shrink-0', alarming ? 'text-warn' : 'text-quiet')} aria-hidden />
      <div className="grid min-w-0 flex-1 gap-0.5">
        <span className="font-medium text-strong">
          {isKnownKind(event.kind) ? t(`kind.${event.kind}`) : plainKind(event.kind)}
        </span>
        <span className="text-13 wrap-anywhere text-quiet">
          {[account, facts, event.address].filter((part) => part !== '').join(' · ')}
        </span>
      </div>
      <time
        dateTime={event.at}
        title={formatDateTime(event.at, i18n.language)}
        className="shrink-0 text-13 text-quiet"
      >
        <span className="hidden sm:inline">{formatDateTime(event.at, i18n.language)}</span>
        <span className="sm:hidden">{formatAgo(event.at, i18n.language)}</span>
      </time>
    </li>
  );
}
