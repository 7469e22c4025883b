import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { calculatePercentEntry, PERCENTS } from './percent-entry';
import { dispatchTicket } from './ticket-store';
import type { TicketContext, TicketState } from './types';

/** Fills the amount with a share of what is available. */
export function PercentButtons({ ticket, context }: { ticket: TicketState; context: TicketContext }) {
  const { t } = useTranslation('trade');
  const asset = ticket.side === 'buy' ? context.market.quote : context.market.base;
  return (
    <div role="group" aria-label={t('ticket.percent')} className="grid grid-cols-4 gap-1">
      {PERCENTS.map((percent, index) => (
        <button
          key={percent}
          type="button"
          disabled={context.available === null}
          aria-keyshortcuts={`${index + 1}`}
          aria-pressed={ticket.percent === percent}
          aria-label={t('ticket.percentOf', { percent, asset })}
          onClick={() =>
            dispatchTicket({ kind: 'percent', percent, ...calculatePercentEntry(ticket, context, percent) })
          }
          className={cn(
            'h-7 touch-target rounded-control num text-12 font-medium transition-colors',
            ticket.percent === percent ? 'bg-brand/15 text-brand' : 'bg-raised text-normal hover:text-strong',
          )}
        >
          {percent}%
        </button>
      ))}
    </div>
  );
}
