import { ChevronRight } from 'lucide-react';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { Later } from '@/ui/later';
import { canHide, SHAPES } from './ticket-shapes';
import type { TicketMarket, TicketState } from './types';

const TicketOptions = lazy(() => import('./ticket-options'));

/** How many of the options are not as they are for everybody; what is hidden must not surprise. */
function countChanged(ticket: TicketState): number {
  return [
    ticket.timeInForce !== 'GTC',
    ticket.postOnly,
    SHAPES[ticket.type].fires && ticket.triggerBy !== 'reference',
    canHide(ticket) && ticket.visible !== '',
    ticket.reduce,
    ticket.selfTrade !== 'cancel_newest',
  ].filter(Boolean).length;
}

/** Options in a fold; what is in it comes after the first paint. */
export function TicketAdvanced({ ticket, market }: { ticket: TicketState; market: TicketMarket }) {
  const { t } = useTranslation('trade');
  const changed = countChanged(ticket);
  return (
    <details className="group text-13">
      <summary className="flex h-7 touch-target list-none items-center gap-1 text-quiet hover:text-strong [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-3.5 transition-transform group-open:rotate-90" aria-hidden />
        {t('ticket.advanced')}
        {changed > 0 && (
          <span className="ml-auto num text-12 text-strong">
            {changed} {t('ticket.changed')}
          </span>
        )}
      </summary>
      <Later fallback={null}>
        <TicketOptions ticket={ticket} market={market} />
      </Later>
    </details>
  );
}
