import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SelfTradeMode, TimeInForce, TriggerBy } from '@/api/types';
import { Select } from '@/ui/select';
import { Switch } from '@/ui/switch';
import { Term } from '@/ui/tooltip';
import { TicketField } from './ticket-field';
import type { TicketOptions } from './ticket-reducer';
import { canHide, canRest, SHAPES, timesInForce } from './ticket-shapes';
import { dispatchTicket } from './ticket-store';
import type { TicketMarket, TicketState } from './types';

const NAMES = { GTC: 'gtc', GTD: 'gtd', IOC: 'ioc', FOK: 'fok' } as const satisfies Record<
  TimeInForce,
  string
>;
const SOURCES: readonly TriggerBy[] = ['reference', 'last_trade'];
const SELF_TRADES: readonly SelfTradeMode[] = ['cancel_newest', 'cancel_oldest', 'cancel_both', 'decrement'];

const set = (options: Partial<TicketOptions>) => dispatchTicket({ kind: 'options', options });

function Row({ name, hint, children }: { name: string; hint: string; children: ReactNode }) {
  return (
    <div className="flex min-h-8 items-center justify-between gap-2">
      <Term content={hint}>{name}</Term>
      {children}
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  name: string;
  hint: string;
  value: Value;
  values: readonly Value[];
  label: (value: Value) => string;
  onChange: (value: Value) => void;
}

function Choice<Value extends string>({ name, hint, value, values, label, onChange }: ChoiceProps<Value>) {
  return (
    <Row name={name} hint={hint}>
      <Select
        aria-label={name}
        value={value}
        onChange={onChange}
        options={values.map((each) => ({ value: each, label: label(each) }))}
        className="h-8 min-w-0 px-2 text-13"
      />
    </Row>
  );
}

function Lifetime({ ticket }: { ticket: TicketState }) {
  const { t } = useTranslation('trade');
  const times = timesInForce(ticket);
  if (times.length === 0) return null;
  return (
    <>
      <Choice
        name={t('ticket.timeInForce')}
        hint={t(`ticket.${NAMES[ticket.timeInForce]}Hint`)}
        value={ticket.timeInForce}
        values={times}
        label={(value) => t(`ticket.${NAMES[value]}`)}
        onChange={(timeInForce) => set({ timeInForce })}
      />
      {ticket.timeInForce === 'GTD' && (
        <label className="flex min-h-8 items-center justify-between gap-2">
          {t('ticket.expires')}
          <input
            type="datetime-local"
            value={ticket.expires}
            onChange={(event) => set({ expires: event.target.value })}
            className="h-8 touch-target min-w-0 rounded-control border border-line bg-bg px-2 num text-13 text-strong"
          />
        </label>
      )}
    </>
  );
}

function Resting({ ticket, market }: { ticket: TicketState; market: TicketMarket }) {
  const { t } = useTranslation('trade');
  return (
    <>
      {canRest(ticket) && (
        <Row name={t('ticket.postOnly')} hint={t('ticket.postOnlyHint')}>
          <Switch
            aria-label={t('ticket.postOnly')}
            checked={ticket.postOnly}
            onCheckedChange={(postOnly) => set({ postOnly })}
          />
        </Row>
      )}
      {canHide(ticket) && (
        <div title={t('ticket.visibleHint')}>
          <TicketField
            label={t('ticket.visible')}
            unit={market.base}
            value={ticket.visible}
            decimals={market.qty_decimals}
            placeholder={t('ticket.all')}
            onChange={(visible) => set({ visible })}
            invalid={false}
          />
        </div>
      )}
    </>
  );
}

/** What an order may have beyond its type, as far as the type can have it. */
export default function TicketOptions({ ticket, market }: { ticket: TicketState; market: TicketMarket }) {
  const { t } = useTranslation('trade');
  return (
    <div className="grid gap-1.5 pt-1.5">
      <Lifetime ticket={ticket} />
      {SHAPES[ticket.type].fires && (
        <Choice
          name={t('ticket.triggerBy')}
          hint={t('ticket.triggerByHint')}
          value={ticket.triggerBy}
          values={SOURCES}
          label={(value) => t(`ticket.${value}`)}
          onChange={(triggerBy) => set({ triggerBy })}
        />
      )}
      <Resting ticket={ticket} market={market} />
      {!SHAPES[ticket.type].group && (
        <Row name={t('ticket.reduce')} hint={t('ticket.reduceHint')}>
          <Switch
            aria-label={t('ticket.reduce')}
            checked={ticket.reduce}
            onCheckedChange={(reduce) => set({ reduce })}
          />
        </Row>
      )}
      <Choice
        name={t('ticket.selfTrade')}
        hint={t('ticket.selfTradeHint')}
        value={ticket.selfTrade}
        values={SELF_TRADES}
        label={(value) => t(`ticket.selfTrades.${value}`)}
        onChange={(selfTrade) => set({ selfTrade })}
      />
    </div>
  );
}
