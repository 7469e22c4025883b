import { useTranslation } from 'react-i18next';
import { parseInput } from '@/lib/format';
import { Segmented } from '@/ui/segmented';
import { stepPrice } from './percent-entry';
import { TicketField } from './ticket-field';
import { SHAPES } from './ticket-shapes';
import { dispatchTicket } from './ticket-store';
import type { PriceField, TicketContext, TicketProblem, TicketState } from './types';

interface PricesProps {
  ticket: TicketState;
  context: TicketContext;
  problem: TicketProblem | null;
  /** Where price steps start from while a field is empty. */
  lastPrice: string | null;
  noteId: string;
}

/** The name of a price field, by what the type uses it for. */
function useLabel(): (type: TicketState['type'], field: PriceField) => string {
  const { t } = useTranslation('trade');
  return (type, field) => {
    const group = SHAPES[type].group;
    switch (field) {
      case 'price':
        if (type === 'oco') return t('ticket.targetPrice');
        return type === 'bracket'
          ? t('ticket.entryPrice')
          : t(type === 'limit' ? 'ticket.price' : 'ticket.limitPrice');
      case 'trigger':
        return t(group ? 'ticket.stopPrice' : 'ticket.trigger');
      case 'target':
        return t('ticket.takeProfit');
      case 'limitAfter':
        return t(group ? 'ticket.limitAfterStop' : 'ticket.limitAfter');
      case 'activation':
        return t('ticket.activation');
    }
  };
}

/** How far a trailing stop stays behind, in per cent or in money. */
function TrailField({ ticket: { trail }, context: { market }, problem, noteId }: PricesProps) {
  const { t } = useTranslation('trade');
  const percent = trail.unit === 'percent';
  const units = [
    { value: 'percent' as const, label: '%' },
    { value: 'amount' as const, label: market.quote },
  ];
  return (
    <div className="flex gap-1.5">
      <div className="min-w-0 flex-1">
        <TicketField
          label={t('ticket.trail')}
          unit={percent ? '%' : market.quote}
          value={trail.text}
          decimals={percent ? 4 : market.price_decimals}
          onChange={(text) => dispatchTicket({ kind: 'trail', trail: { text } })}
          invalid={problem?.kind === 'invalid' && problem.field === 'trail'}
          describedBy={noteId}
          hotkey="p"
        />
      </div>
      <Segmented
        aria-label={t('ticket.trailUnit')}
        value={trail.unit}
        onChange={(unit) => dispatchTicket({ kind: 'trail', trail: { unit, text: '' } })}
        options={units}
        className="items-center"
      />
    </div>
  );
}

/** The prices a type of order asks for, in its own words. */
export function TicketPrices(props: PricesProps) {
  const { ticket, context, problem, lastPrice, noteId } = props;
  const { t } = useTranslation('trade');
  const label = useLabel();
  const { market } = context;
  const { prices, optional, trail } = SHAPES[ticket.type];
  const step = (field: PriceField) => (steps: number) => {
    const price = stepPrice(parseInput(ticket[field]), lastPrice ?? '0', market.tick_size, steps);
    dispatchTicket({ kind: 'price', field, price });
  };
  if (ticket.type === 'market') {
    return (
      <div className="flex h-9 items-center rounded-control border border-dashed border-line px-3 text-13 text-quiet pointer-coarse:h-11">
        {t('ticket.marketPrice')}
      </div>
    );
  }
  return (
    <>
      {trail && <TrailField {...props} />}
      {prices.map((field, index) => (
        <TicketField
          key={field}
          label={label(ticket.type, field)}
          unit={market.quote}
          value={ticket[field]}
          decimals={market.price_decimals}
          onChange={(price) => dispatchTicket({ kind: 'price', field, price })}
          invalid={problem?.kind === 'invalid' && problem.field === field}
          describedBy={noteId}
          {...(index === 0 && !trail && { hotkey: 'p' })}
          {...(optional.includes(field)
            ? { placeholder: t(field === 'activation' ? 'ticket.fromNow' : 'ticket.atMarket') }
            : { steps: { up: t('ticket.priceUp'), down: t('ticket.priceDown'), onStep: step(field) } })}
        />
      ))}
    </>
  );
}
