import { useTranslation } from 'react-i18next';
import type { Order, Side } from '@/api/types';
import { cn } from '@/lib/cn';
import { formatDateTime } from '@/lib/dates';
import { compare, div, isZero, mul, toChartNumber } from '@/lib/decimal';
import { formatDecimal, NO_VALUE } from '@/lib/format';
import { Badge } from '@/ui/badge';

/** Decimals and steps of each market, so that its figures stand in line and amendments fit. */
export type Precision = Record<
  string,
  { price: number; qty: number; tick: string; lot: string; base: string } | undefined
>;

export function SideText({ side }: { side: Side }) {
  const { t } = useTranslation('trade');
  return (
    <span className={cn('font-medium', side === 'buy' ? 'text-buy' : 'text-sell')}>{t(`side.${side}`)}</span>
  );
}

export function formatPrice(price: string | null, market: string, precision: Precision): string {
  const decimals = precision[market]?.price;
  return price === null ? NO_VALUE : formatDecimal(price, decimals === undefined ? {} : { decimals });
}

export function formatQty(qty: string | null, market: string, precision: Precision): string {
  const decimals = precision[market]?.qty;
  return qty === null ? NO_VALUE : formatDecimal(qty, decimals === undefined ? {} : { decimals });
}

type Filling = Pick<Order, 'status' | 'qty' | 'total' | 'filled' | 'spent'>;

/** How much of an order is filled, percent, rounded down so that 100 means all. */
export function filledPercent({ status, qty, total, filled, spent }: Filling): number {
  if (status === 'filled') return 100;
  const [part, whole] = qty !== null ? [filled, qty] : [spent, total ?? '0'];
  if (isZero(whole)) return 0;
  return compare(part, whole) >= 0 ? 100 : toChartNumber(div(mul(part, '100'), whole, 0));
}

/** A short bar and its figure. */
export function FilledBar({ order }: { order: Order }) {
  const percent = filledPercent(order);
  return (
    <span className="inline-flex items-center justify-end gap-2 num">
      <span aria-hidden className="h-1 w-10 overflow-hidden rounded-full bg-line">
        <span className="block h-full rounded-full bg-brand" style={{ width: `${percent}%` }} />
      </span>
      <span className="w-9 text-right">{percent}%</span>
    </span>
  );
}

/** Conditions beyond the plain limit order, in a few letters; a leg of a group says what it is there for. */
export function TypeText({ order, precision = {} }: { order: Order; precision?: Precision }) {
  const { t, i18n } = useTranslation('trade');
  const extras = [
    order.role !== null && t(`orders.legs.${order.role}`),
    order.post_only && t('ticket.postOnly'),
    order.expires_at !== null && t('orders.until', { date: formatDateTime(order.expires_at, i18n.language) }),
    order.type !== 'market' && ['IOC', 'FOK'].includes(order.time_in_force) && order.time_in_force,
    order.visible_qty !== null &&
      t('orders.visible', { amount: formatQty(order.visible_qty, order.market, precision) }),
  ].filter((extra) => extra !== false);
  return (
    <>
      {t(`type.${order.type}`)}
      {extras.length > 0 && <span className="text-quiet"> · {extras.join(' · ')}</span>}
    </>
  );
}

/** Whether the order waits for the price to rise; a trailing stop sells below and buys above. */
export function firesOnRise({ type, side }: Pick<Order, 'type' | 'side'>): boolean {
  return type.startsWith('take_profit') ? side === 'sell' : side === 'buy';
}

/** What fires the order: the price and which way it must come, how far a trailing stop stays behind. */
export function TriggerText({ order, precision }: { order: Order; precision: Precision }) {
  const { t } = useTranslation('trade');
  const { trail_amount: amount, trail_percent: percent, trigger_price: trigger } = order;
  const trail = percent !== null ? `${percent} %` : formatPrice(amount, order.market, precision);
  const trails = percent !== null || amount !== null;
  if (trigger === null && !trails) return NO_VALUE;
  const rise = firesOnRise(order);
  return (
    <span title={order.trigger_by === null ? undefined : t(`ticket.${order.trigger_by}`)}>
      {trigger !== null && (
        <>
          <span aria-hidden className="text-quiet">
            {rise ? '≥' : '≤'}{' '}
          </span>
          <span className="sr-only">{t(rise ? 'orders.risesTo' : 'orders.fallsTo')} </span>
          {formatPrice(trigger, order.market, precision)}
        </>
      )}
      {trails && <span className="text-quiet"> {t('orders.trail', { trail })}</span>}
    </span>
  );
}

const TONES = { waiting: 'info', dormant: 'neutral' } as const;

/** How full an order is; of one that is not in the book yet, what it waits for. */
export function StateCell({ order }: { order: Order }) {
  const { t } = useTranslation('trade');
  if (order.status !== 'waiting' && order.status !== 'dormant') return <FilledBar order={order} />;
  return (
    <Badge tone={TONES[order.status]} title={t(`orders.statusHints.${order.status}`)}>
      {t(`orders.statuses.${order.status}`)}
    </Badge>
  );
}
