import { X } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Order } from '@/api/types';
import { mul } from '@/lib/decimal';
import { formatDateTime, formatTime } from '@/lib/dates';
import { formatDecimal } from '@/lib/format';
import { Table, Td, TdNum, Th, Tr } from '@/ui/table';
import { toast } from '@/ui/toast';
import { FilledBar, formatPrice, formatQty, SideText, TypeText, type Precision } from './order-cells';
import { cancelOne } from './use-cancel-orders';

interface RowProps {
  order: Order;
  precision: Precision;
}

function CancelButton({ order, precision }: RowProps) {
  const { t } = useTranslation('trade');
  const label = t('orders.cancelOne', {
    side: t(`side.${order.side}`),
    amount: formatQty(order.qty, order.market, precision),
    asset: order.market.split('-')[0] ?? '',
    price: formatPrice(order.price, order.market, precision),
  });
  const cancel = async () => {
    const problem = await cancelOne(order.id);
    if (problem !== null) toast.error(t('orders.cancelFailed'), problem);
  };
  return (
    <button
      type="button"
      aria-label={label}
      title={t('orders.cancel')}
      onClick={() => void cancel()}
      className="inline-grid size-7 touch-target place-items-center rounded-control text-quiet hover:bg-sell/12 hover:text-sell"
    >
      <X className="size-4" aria-hidden />
    </button>
  );
}

const OpenOrderRow = memo(function OpenOrderRow({ order, precision }: RowProps) {
  const { i18n } = useTranslation();
  const today = new Date().toDateString() === new Date(order.created_at).toDateString();
  return (
    <Tr className="[&>td]:h-9">
      <Td className="num text-quiet">
        {(today ? formatTime : formatDateTime)(order.created_at, i18n.language)}
      </Td>
      <Td className="font-medium text-strong">{order.market}</Td>
      <Td>
        <SideText side={order.side} />
      </Td>
      <Td>
        <TypeText order={order} />
      </Td>
      <TdNum>{formatPrice(order.price, order.market, precision)}</TdNum>
      <TdNum>{formatQty(order.qty, order.market, precision)}</TdNum>
      <TdNum>
        <FilledBar order={order} />
      </TdNum>
      <TdNum className="text-normal">
        {order.price !== null &&
          order.qty !== null &&
          formatDecimal(mul(order.price, order.qty), { decimals: 2 })}
      </TdNum>
      <Td className="text-right">
        <CancelButton order={order} precision={precision} />
      </Td>
    </Tr>
  );
});

interface ListProps {
  orders: readonly Order[];
  precision: Precision;
}

/** Orders in the book, newest first. */
export function OpenOrdersTable({ orders, precision }: ListProps) {
  const { t } = useTranslation('trade');
  return (
    <Table className="text-13" data-testid="open-orders">
      <thead>
        <tr>
          <Th>{t('orders.time')}</Th>
          <Th>{t('orders.market')}</Th>
          <Th>{t('orders.side')}</Th>
          <Th>{t('orders.type')}</Th>
          <Th className="text-right">{t('orders.price')}</Th>
          <Th className="text-right">{t('orders.amount')}</Th>
          <Th className="text-right">{t('orders.filled')}</Th>
          <Th className="text-right">{t('orders.total')}</Th>
          <Th className="text-right">
            <span className="sr-only">{t('orders.actions')}</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <OpenOrderRow key={order.id} order={order} precision={precision} />
        ))}
      </tbody>
    </Table>
  );
}

/** The same on a phone. */
export function OpenOrderCards({ orders, precision }: ListProps) {
  return (
    <ul className="divide-y divide-line" data-testid="open-orders">
      {orders.map((order) => (
        <li key={order.id} className="flex items-center gap-3 px-4 py-2.5 text-13">
          <div className="grid min-w-0 flex-1 gap-0.5">
            <span className="flex gap-2 text-strong">
              <SideText side={order.side} /> <span className="font-medium">{order.market}</span>
            </span>
            <span className="text-12 text-quiet">
              <TypeText order={order} />
            </span>
          </div>
          <div className="grid justify-items-end gap-0.5 num">
            <span className="text-strong">
              {formatQty(order.qty, order.market, precision)} @{' '}
              {formatPrice(order.price, order.market, precision)}
            </span>
            <span className="text-12 text-quiet">
              <FilledBar order={order} />
            </span>
          </div>
          <CancelButton order={order} precision={precision} />
        </li>
      ))}
    </ul>
  );
}
