import { useTranslation } from 'react-i18next';
import type { Order, Side } from '@/api/types';
import { cn } from '@/lib/cn';
import { compare, div, isZero, mul, toChartNumber } from '@/lib/decimal';
import { formatDecimal, NO_VALUE } from '@/lib/format';

/** Decimals of each market, so that its figures stand in line. */
export type Precision = Record<string, { price: number; qty: number } | undefined>;

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

/** Conditions beyond the plain limit order, in a few letters. */
export function TypeText({ order }: { order: Order }) {
  const { t } = useTranslation('trade');
  const extra = order.post_only
    ? t('ticket.postOnly')
    : order.type === 'limit' && order.time_in_force !== 'GTC'
      ? order.time_in_force
      : '';
  return (
    <>
      {t(`type.${order.type}`)}
      {extra !== '' && <span className="text-quiet"> · {extra}</span>}
    </>
  );
}
