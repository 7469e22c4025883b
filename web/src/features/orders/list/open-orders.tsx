import { memo, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Order } from '@/api/types';
import { cn } from '@/lib/cn';
import { mul } from '@/lib/decimal';
import { formatDateTime, formatTime } from '@/lib/dates';
import { formatDecimal } from '@/lib/format';
import { Table, Td, TdNum, Tr } from '@/ui/table';
import { AmendForm } from './amend-form';
import { arrangeOrders, type Link } from './arrange-orders';
import { ListHead } from './list-head';
import { OrderActions } from './order-actions';
import {
  formatPrice,
  formatQty,
  SideText,
  StateCell,
  TriggerText,
  TypeText,
  type Precision,
} from './order-cells';

const COLUMNS = [
  'time',
  'market',
  'side',
  'type',
  'trigger',
  'price',
  'amount',
  'filled',
  'total',
  'actions',
] as const;

interface RowProps {
  order: Order;
  link: Link;
  precision: Precision;
  amending: boolean;
  /** null closes the form. */
  onAmend: (id: string | null) => void;
  onExplain: (order: Order) => void;
}

/** The line that ties the orders of a group together; what it means is in the type's words too. */
function GroupLine({ link }: { link: Link }) {
  if (link === 'none') return null;
  return (
    <span
      aria-hidden
      className={cn(
        'absolute left-1 w-1.5 border-l-2 border-brand/60',
        link === 'first' ? 'top-1/2 -bottom-px rounded-tl-[3px] border-t-2' : '-top-px',
        link === 'middle' && '-bottom-px',
        link === 'last' && 'bottom-1/2 rounded-bl-[3px] border-b-2',
      )}
    />
  );
}

const OpenOrderRow = memo(function OpenOrderRow(props: RowProps) {
  const { order, link, precision, amending, onAmend, onExplain } = props;
  const { i18n } = useTranslation();
  const today = new Date().toDateString() === new Date(order.created_at).toDateString();
  return (
    <>
      <Tr className="[&>td]:h-9">
        <Td className="relative num text-quiet">
          <GroupLine link={link} />
          {(today ? formatTime : formatDateTime)(order.created_at, i18n.language)}
        </Td>
        <Td className="font-medium text-strong">{order.market}</Td>
        <Td>
          <SideText side={order.side} />
        </Td>
        <Td>
          <TypeText order={order} precision={precision} />
        </Td>
        <TdNum>
          <TriggerText order={order} precision={precision} />
        </TdNum>
        <TdNum>{formatPrice(order.price, order.market, precision)}</TdNum>
        <TdNum>{formatQty(order.qty, order.market, precision)}</TdNum>
        <TdNum>
          <StateCell order={order} />
        </TdNum>
        <TdNum className="text-normal">
          {order.price !== null &&
            order.qty !== null &&
            formatDecimal(mul(order.price, order.qty), { decimals: 2 })}
        </TdNum>
        <Td className="text-right">
          <OrderActions
            {...{ order, precision, amending }}
            onAmend={() => onAmend(amending ? null : order.id)}
            onExplain={() => onExplain(order)}
          />
        </Td>
      </Tr>
      {amending && (
        <tr>
          <td colSpan={10}>
            <AmendForm order={order} precision={precision} onDone={() => onAmend(null)} />
          </td>
        </tr>
      )}
    </>
  );
});

interface ListProps {
  orders: readonly Order[];
  precision: Precision;
  onExplain: (order: Order) => void;
}

/** Open orders, newest first, the orders of a group below each other. */
export function OpenOrdersTable({ orders, precision, onExplain }: ListProps) {
  const [amending, setAmending] = useState<string | null>(null);
  const arranged = useMemo(() => arrangeOrders(orders), [orders]);
  return (
    <Table className="text-13" data-testid="open-orders">
      <ListHead columns={COLUMNS} />
      <tbody>
        {arranged.map(({ order, link }) => (
          <OpenOrderRow
            key={order.id}
            {...{ order, link, precision, onExplain }}
            amending={amending === order.id}
            onAmend={setAmending}
          />
        ))}
      </tbody>
    </Table>
  );
}

function OrderCard({ order, link, precision, amending, onAmend, onExplain }: RowProps) {
  return (
    <li className="relative">
      <GroupLine link={link} />
      <div className="flex items-center gap-2 py-2.5 pr-2 pl-4 text-13">
        <div className="grid min-w-0 flex-1 gap-0.5">
          <span className="flex gap-2 text-strong">
            <SideText side={order.side} /> <span className="font-medium">{order.market}</span>
          </span>
          <span className="text-12 text-quiet">
            <TypeText order={order} precision={precision} />
          </span>
        </div>
        <div className="grid shrink-0 justify-items-end gap-0.5 num">
          <span className="text-strong">
            {formatQty(order.qty, order.market, precision)} @{' '}
            {order.price === null ? (
              <TriggerText order={order} precision={precision} />
            ) : (
              formatPrice(order.price, order.market, precision)
            )}
          </span>
          <span className="text-12 text-quiet">
            <StateCell order={order} />
          </span>
        </div>
      </div>
      <div className="-mt-2 flex justify-end pr-2 pb-1">
        <OrderActions
          {...{ order, precision, amending }}
          onAmend={() => onAmend(amending ? null : order.id)}
          onExplain={() => onExplain(order)}
        />
      </div>
      {amending && <AmendForm order={order} precision={precision} onDone={() => onAmend(null)} />}
    </li>
  );
}

/** The same on a phone. */
export function OpenOrderCards({ orders, precision, onExplain }: ListProps) {
  const [amending, setAmending] = useState<string | null>(null);
  const arranged = useMemo(() => arrangeOrders(orders), [orders]);
  return (
    <ul className="divide-y divide-line" data-testid="open-orders">
      {arranged.map(({ order, link }) => (
        <OrderCard
          key={order.id}
          {...{ order, link, precision, onExplain }}
          amending={amending === order.id}
          onAmend={setAmending}
        />
      ))}
    </ul>
  );
}
