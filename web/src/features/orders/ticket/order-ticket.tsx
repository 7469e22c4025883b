import { useId, useMemo, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market, Order } from '@/api/types';
import { formatDecimal } from '@/lib/format';
import { formatBalance } from '../balance';
import { PercentButtons } from './percent-buttons';
import { TicketAdvanced } from './ticket-advanced';
import { SideSwitch, TypeTabs } from './ticket-choices';
import { getTicketError } from './ticket-errors';
import { TicketField } from './ticket-field';
import { TicketPreview } from './ticket-preview';
import { TicketPrices } from './ticket-prices';
import { describeOrder } from './ticket-sentence';
import { SHAPES } from './ticket-shapes';
import { dispatchTicket, useTicket } from './ticket-store';
import { TicketSubmit } from './ticket-submit';
import { calculateTicketSummary } from './ticket-summary';
import type { TicketContext, TicketProblem, TicketState, TicketSummary } from './types';
import { usePlacedToast } from './use-placed-toast';
import { usePlaceOrder } from './use-place-order';
import { useServerPreview } from './use-server-preview';
import { useTicketContext } from './use-ticket-context';

export interface OrderTicketProps {
  market: Market;
  book: TicketContext['book'];
  /** Where price steps start from while the field is empty. */
  lastPrice: string | null;
  /** Price of the last trade here; null where there was none for a day. */
  lastTrade: string | null;
  priceStale: boolean;
  /** Called when the exchange has acknowledged the order; of a group with its first. */
  onDone?: (order: Order) => void;
}

interface FieldsProps {
  ticket: TicketState;
  context: TicketContext;
  summary: TicketSummary;
  problem: TicketProblem | null;
  noteId: string;
}

function SizeFields({ ticket, context, summary, problem, noteId }: FieldsProps) {
  const { t } = useTranslation('trade');
  const { market } = context;
  const { field, text } = ticket.entered;
  const invalid = (name: TicketProblem['field']) => problem?.kind === 'invalid' && problem.field === name;
  const derivedTotal =
    summary.total === null ? '' : formatDecimal(summary.total, { maxDecimals: 2 }).replace(/,/g, '');
  return (
    <>
      <TicketField
        label={t('ticket.amount')}
        unit={market.base}
        value={field === 'amount' ? text : (summary.qty ?? '')}
        decimals={market.qty_decimals}
        onChange={(amount) => dispatchTicket({ kind: 'amount', amount })}
        invalid={invalid('amount')}
        describedBy={noteId}
        hotkey="a"
      />
      <PercentButtons ticket={ticket} context={context} />
      {SHAPES[ticket.type].total && (
        <TicketField
          label={t('ticket.total')}
          unit={market.quote}
          value={field === 'total' ? text : derivedTotal}
          decimals={Math.max(2, Math.min(market.price_decimals, 8))}
          onChange={(total) => dispatchTicket({ kind: 'total', total })}
          invalid={invalid('total')}
          describedBy={noteId}
        />
      )}
    </>
  );
}

function Available({ ticket, context: { market, available } }: Pick<FieldsProps, 'ticket' | 'context'>) {
  const { t } = useTranslation('trade');
  const [asset, amount] =
    ticket.side === 'buy' ? [market.quote, available?.quote] : [market.base, available?.base];
  return (
    <p className="flex justify-between gap-2 num text-12 text-normal">
      <span className="text-quiet">{t('ticket.available')}</span>
      <span className="truncate">
        {formatBalance(amount, asset, market)} {asset}
      </span>
    </p>
  );
}

/** Places orders: everything shown is derived from the form, the book and the balances by pure functions. */
export function OrderTicket(props: OrderTicketProps) {
  const { market, lastPrice, onDone } = props;
  const { t } = useTranslation('trade');
  const noteId = useId();
  const ticket = useTicket((store) => store.ticket);
  const context = useTicketContext(props);
  const summary = useMemo(() => calculateTicketSummary(ticket, context), [ticket, context]);
  const problem = getTicketError(ticket, context, summary);
  const preview = useServerPreview(problem === null ? summary.request : null);
  const showPlaced = usePlacedToast(market);
  const { submission, place, retry, dismiss } = usePlaceOrder((orders) => {
    dispatchTicket({ kind: 'sent' });
    showPlaced(orders);
    if (orders[0] !== undefined) onDone?.(orders[0]);
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    // An order whose outcome is unknown is settled first, under its own key.
    if (submission.phase === 'unknown') void retry();
    else if (problem === null && summary.request !== null) void place(summary.request);
  };
  const fields = { ticket, context, problem, noteId };
  return (
    <form
      aria-label={t('ticket.title')}
      onSubmit={submit}
      onChange={submission.phase === 'refused' ? dismiss : undefined}
      className="@container grid grid-cols-[minmax(0,1fr)] gap-1.5 p-3"
    >
      <SideSwitch side={ticket.side} />
      <TypeTabs type={ticket.type} />
      <Available ticket={ticket} context={context} />
      <TicketPrices {...fields} lastPrice={lastPrice} />
      <SizeFields {...fields} summary={summary} />
      <TicketAdvanced ticket={ticket} market={market} />
      <TicketPreview summary={summary} market={context.market} preview={preview} />
      <TicketSubmit
        {...{ ticket, market, problem, submission, noteId }}
        refusal={preview?.refusal ?? null}
        sentences={describeOrder(market, ticket, summary)}
        onRetry={() => void retry()}
        onDismiss={dismiss}
      />
    </form>
  );
}
