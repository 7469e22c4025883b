import { ChevronRight } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimeInForce } from '@/api/types';
import { Select } from '@/ui/select';
import { Switch } from '@/ui/switch';
import { Term } from '@/ui/tooltip';
import { dispatchTicket } from './ticket-store';
import type { TicketState } from './types';

const NAMES = { GTC: 'gtc', IOC: 'ioc', FOK: 'fok' } as const satisfies Record<TimeInForce, string>;
const TIMES = ['GTC', 'IOC', 'FOK'] as const;

/** How a limit order behaves when it cannot be filled at once. */
export function TicketAdvanced({ ticket }: { ticket: TicketState }) {
  const { t } = useTranslation('trade');
  const id = useId();
  const options = TIMES.map((value) => ({ value, label: t(`ticket.${NAMES[value]}`) }));
  return (
    <details className="group text-13">
      <summary className="flex h-7 touch-target list-none items-center gap-1 text-quiet hover:text-strong [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-3.5 transition-transform group-open:rotate-90" aria-hidden />
        {t('ticket.advanced')}
        {(ticket.postOnly || ticket.timeInForce !== 'GTC') && (
          <span className="ml-auto text-12 text-strong">
            {ticket.postOnly ? t('ticket.postOnly') : ticket.timeInForce}
          </span>
        )}
      </summary>
      <div className="grid gap-2 pt-1.5">
        <div className="flex items-center justify-between gap-2">
          <Term content={t(`ticket.${NAMES[ticket.timeInForce]}Hint`)}>{t('ticket.timeInForce')}</Term>
          <Select
            aria-label={t('ticket.timeInForce')}
            value={ticket.timeInForce}
            onChange={(timeInForce) => dispatchTicket({ kind: 'timeInForce', timeInForce })}
            options={options}
            className="h-8 px-2 text-13"
          />
        </div>
        <div className="flex h-8 items-center justify-between gap-2">
          <Term content={t('ticket.postOnlyHint')}>{t('ticket.postOnly')}</Term>
          <Switch
            id={id}
            aria-label={t('ticket.postOnly')}
            checked={ticket.postOnly}
            onCheckedChange={(postOnly) => dispatchTicket({ kind: 'postOnly', postOnly })}
          />
        </div>
      </div>
    </details>
  );
}
