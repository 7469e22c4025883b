import { useQueryClient } from '@tanstack/react-query';
import { useId, useState, type KeyboardEvent, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { amendOrder } from '@/api/orders';
import type { Order, OrderAmend } from '@/api/types';
import { addOrderRaw } from '@/stream/account-store';
import { Button } from '@/ui/button';
import { toast } from '@/ui/toast';
import { TicketField } from '../ticket/ticket-field';
import { amendableFields, readAmendment, startDraft, type Amendment } from './amendment';
import type { Precision } from './order-cells';

/** Sends an amendment; answers null when it worked, else why not. The order is left as it was in that case. */
function useAmend(order: Order) {
  const client = useQueryClient();
  return async (change: OrderAmend): Promise<string | null> => {
    try {
      addOrderRaw(await amendOrder(order.id, change));
      void client.invalidateQueries({ queryKey: ['wallet'] });
      return null;
    } catch (error) {
      return errorText(error);
    }
  };
}

function useHint(): (amendment: Amendment) => string {
  const { t } = useTranslation('trade');
  return ({ change, problem, keepsPlace }) => {
    if (problem !== null) return t(`amend.${problem.code}`, { step: problem.step });
    if (change === null) return t('amend.nothing');
    return t(keepsPlace ? 'amend.keepsPlace' : 'amend.losesPlace');
  };
}

interface AmendFormProps {
  order: Order;
  precision: Precision;
  onDone: () => void;
}

/** Price, amount and trigger of an open order, changed where they stand. Escape leaves it as it is. */
export function AmendForm({ order, precision, onDone }: AmendFormProps) {
  const { t } = useTranslation('trade');
  const noteId = useId();
  const [draft, setDraft] = useState(() => startDraft(order));
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const amend = useAmend(order);
  const hint = useHint();
  const market = precision[order.market];
  const [base = '', quote = ''] = order.market.split('-');
  const steps = { tick: market?.tick ?? '0.00000001', lot: market?.lot ?? '0.00000001' };
  const amendment = readAmendment(order, draft, steps);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (amendment.change === null || busy) return;
    setBusy(true);
    const problem = await amend(amendment.change);
    setBusy(false);
    setRefused(problem);
    if (problem !== null) return;
    toast.success(t('amend.done'), t(amendment.keepsPlace ? 'amend.keptPlace' : 'amend.newPlace'));
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onDone();
  };
  return (
    <form
      aria-label={t('amend.title')}
      onSubmit={(event) => void submit(event)}
      onKeyDown={onKeyDown}
      className="flex flex-wrap items-center gap-2 bg-raised/40 px-4 py-2"
    >
      {amendableFields(order).map((field, index) => (
        <div key={field} className="w-full sm:w-56">
          <TicketField
            label={t(`amend.fields.${field}`)}
            unit={field === 'qty' ? base : quote}
            value={draft[field]}
            decimals={(field === 'qty' ? market?.qty : market?.price) ?? 8}
            onChange={(text) => {
              setRefused(null);
              setDraft({ ...draft, [field]: text });
            }}
            invalid={amendment.problem?.field === field}
            describedBy={noteId}
            focused={index === 0}
          />
        </div>
      ))}
      <Button type="submit" size="sm" busy={busy} aria-disabled={amendment.change === null || undefined}>
        {t('amend.save')}
      </Button>
      <Button size="sm" variant="ghost" onClick={onDone}>
        {t('amend.leave')}
      </Button>
      <p
        id={noteId}
        role="status"
        className={`text-12 ${refused !== null || amendment.problem !== null ? 'text-sell' : 'text-quiet'}`}
      >
        {refused ?? hint(amendment)}
      </p>
    </form>
  );
}
