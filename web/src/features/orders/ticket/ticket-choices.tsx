import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { dispatchTicket } from './ticket-store';
import type { TicketState } from './types';

const SIDES = ['buy', 'sell'] as const;
const TYPES = ['limit', 'market'] as const;
const KEYS = { buy: 'b', sell: 's', limit: 'l', market: 'm' } as const;
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
          aria-keyshortcuts={KEYS[value]}
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

export function TypeTabs({ type }: { type: TicketState['type'] }) {
  const { t } = useTranslation('trade');
  return (
    <div role="group" aria-label={t('type.label')} className="flex gap-4">
      {TYPES.map((value) => (
        <button
          key={value}
          type="button"
          aria-pressed={type === value}
          aria-keyshortcuts={KEYS[value]}
          onClick={() => dispatchTicket({ kind: 'type', type: value })}
          className={cn(
            'h-7 touch-target border-b-2 text-13 font-medium',
            type === value ? 'border-brand text-strong' : 'border-transparent text-quiet hover:text-strong',
          )}
        >
          {t(`type.${value}`)}
        </button>
      ))}
    </div>
  );
}
