import { useId, useMemo, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market, Order } from '@/api/types';
import { formatDecimal, parseInput } from '@/lib/format';
import { formatBalance } from '../balance';
import { useOwnBalances } from '../use-own-balances';
import { PercentButtons } from './percent-buttons';
import { stepPrice } from './percent-entry';
import { TicketAdvanced } from './ticket-advanced';
import { SideSwitch, TypeTabs } from './ticket-choices';
import { getTicketError } from './ticket-errors';
import { TicketField } from './ticket-field';
import { TicketPreview } from './ticket-preview';
import { describeOrder } from './ticket-sentence';
import { dispatchTicket, useTicket } from './ticket-store';
import { TicketSubmit } from './ticket-submit';
import { calculateTicketSummary } from './ticket-summary';
import type { TicketContext, TicketProblem, TicketState, TicketSummary } from './types';
import { usePlacedToast } from './use-placed-toast';
import { usePlaceOrder } from './use-place-order';

export interface OrderTicketProps {
  market: Market;
  book: TicketContext['book'];
  /** Where price steps start from while the field is empty. */
  lastPrice: string | null;
  priceStale: boolean;
  /** Called when the exchange has acknowledged the order. */
  onDone?: (order: Order) => void;
}

interface FieldsProps {
  ticket: TicketState;
  context: TicketContext;
  summary: TicketSummary;
  problem: TicketProblem | null;
  lastPrice: string | null;
  noteId: string;
}

function PriceField({ ticket, context: { market }, problem, lastPrice, noteId }: FieldsProps) {
  const { t } = useTranslation('trade');
  if (ticket.type === 'market') {
    return (
      <div className="flex h-10 items-center rounded-control border border-dashed border-line px-3 text-13 text-quiet pointer-coarse:h-11">
        {t('ticket.marketPrice')}
      </div>
    );
  }
  const step = (steps: number) =>
    dispatchTicket({
      kind: 'price',
      price: stepPrice(parseInput(ticket.price), lastPrice ?? '0', market.tick_size, steps),
    });
  return (
    <TicketField
      label={t('ticket.price')}
      unit={market.quote}
      value={ticket.price}
      decimals={market.price_decimals}
      onChange={(price) => dispatchTicket({ kind: 'price', price })}
      invalid={problem?.kind === 'invalid' && problem.field === 'price'}
      describedBy={noteId}
      hotkey="p"
      steps={{ up: t('ticket.priceUp'), down: t('ticket.priceDown'), onStep: step }}
    />
  );
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
      <TicketField
        label={t('ticket.total')}
        unit={market.quote}
        value={field === 'total' ? text : derivedTotal}
        decimals={Math.max(2, Math.min(market.price_decimals, 8))}
        onChange={(total) => dispatchTicket({ kind: 'total', total })}
        invalid={invalid('total')}
        describedBy={noteId}
      />
    </>
  );
}

function Available({ ticket, context: { market, available } }: Pick<FieldsProps, 'ticket' | 'context'>) {
  const { t } = useTranslation('trade');
  const [asset, amount] =
    ticket.side === 'buy' ? [market.quote, available?.quote] : [market.base, available?.base];
  return (
    <p className="truncate num text-12 text-normal">
      <span className="text-quiet">{t('ticket.available')}</span> {formatBalance(amount, asset, market)}{' '}
      {asset}
    </p>
  );
}

function useContext({ market, book, priceStale }: OrderTicketProps): TicketContext {
  const { base, quote } = useOwnBalances(market.base, market.quote);
  return useMemo(() => {
    const available =
      base === null || quote === null ? null : { base: base.available, quote: quote.available };
    return { market, book, priceStale, available };
  }, [market, book, priceStale, base, quote]);
}

/** Places orders: everything shown is derived from the form, the book and the balances by pure functions. */
export function OrderTicket(props: OrderTicketProps) {
  const { market, lastPrice, onDone } = props;
  const { t } = useTranslation('trade');
  const noteId = useId();
  const ticket = useTicket((store) => store.ticket);
  const context = useContext(props);
  const summary = useMemo(() => calculateTicketSummary(ticket, context), [ticket, context]);
  const problem = getTicketError(ticket, context, summary);
  const showPlaced = usePlacedToast(market);
  const { submission, place, retry, dismiss } = usePlaceOrder((order) => {
    dispatchTicket({ kind: 'sent' });
    showPlaced(order);
    onDone?.(order);
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    // An order whose outcome is unknown is settled first, under its own key.
    if (submission.phase === 'unknown') void retry();
    else if (problem === null && summary.request !== null) void place(summary.request);
  };
  const fields = { ticket, context, summary, problem, lastPrice, noteId };
  return (
    <form
      aria-label={t('ticket.title')}
      onSubmit={submit}
      onChange={submission.phase === 'refused' ? dismiss : undefined}
      className="grid grid-cols-[minmax(0,1fr)] gap-2 p-3"
    >
      <SideSwitch side={ticket.side} />
      <div className="flex items-center justify-between gap-3">
        <TypeTabs type={ticket.type} />
        <Available ticket={ticket} context={context} />
      </div>
      <PriceField {...fields} />
      <SizeFields {...fields} />
      {ticket.type === 'limit' && <TicketAdvanced ticket={ticket} />}
      <TicketPreview summary={summary} market={market} />
      <TicketSubmit
        {...{ ticket, market, problem, submission, noteId }}
        sentence={describeOrder(market, summary)}
        onRetry={() => void retry()}
        onDismiss={dismiss}
      />
    </form>
  );
}
