import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { TICKET_TYPES } from './ticket-shapes';
import { dispatchTicket } from './ticket-store';
import type { TicketState, TicketType } from './types';

const SIDES = ['buy', 'sell'] as const;
const SIDE_KEYS = { buy: 'b', sell: 's' };
const TYPE_KEYS: Partial<Record<TicketType, string>> = { limit: 'l', market: 'm', stop: 't' };
const ON = { buy: 'bg-buy text-on-fill', sell: 'bg-sell text-on-fill' };

/** Buy or sell, in the colour of the side. */
export function SideSwitch({ side }: { side: TicketState['side'] }) {
  const { t } = useTranslation('trade');
  return (
    <div
      role="group"
      aria-label={t('side.label')}
      className="grid grid-cols-2 gap-0.5 rounded-control bg-raised p-0.5"
    >
      {SIDES.map((value) => (
        <button
          key={value}
          type="button"
          aria-pressed={side === value}
          aria-keyshortcuts={SIDE_KEYS[value]}
          onClick={() => dispatchTicket({ kind: 'side', side: value })}
          className={cn(
            'h-8 touch-target rounded-[5px] text-14 font-semibold transition-colors',
            side === value ? ON[value] : 'text-quiet hover:text-strong',
          )}
        >
          {t(`side.${value}`)}
        </button>
      ))}
    </div>
  );
}

/** All kinds of orders in view; what the chosen one does is told when the pointer rests on it. */
export function TypeTabs({ type }: { type: TicketType }) {
  const { t } = useTranslation('trade');
  return (
    <div role="group" aria-label={t('type.label')} className="grid grid-cols-[repeat(4,auto)]">
      {TICKET_TYPES.map((value) => (
        <button
          key={value}
          type="button"
          title={t(`ticketTypeHint.${value}`)}
          aria-pressed={type === value}
          aria-keyshortcuts={TYPE_KEYS[value]}
          onClick={() => dispatchTicket({ kind: 'type', type: value })}
          className={cn(
            'h-7 touch-target rounded-[5px] px-1.5 text-12 font-medium whitespace-nowrap transition-colors',
            type === value ? 'bg-raised text-strong' : 'text-quiet hover:text-strong',
          )}
        >
          {t(`ticketType.${value}`)}
        </button>
      ))}
    </div>
  );
}
