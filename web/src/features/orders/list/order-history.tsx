import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ordersQuery } from '@/api/orders';
import type { Order } from '@/api/types';
import { isZero } from '@/lib/decimal';
import { formatDateTime } from '@/lib/dates';
import { formatDecimal, NO_VALUE } from '@/lib/format';
import { isPaper, usePaperMode } from '@/lib/paper';
import { isOpen, mergeOrders, useAccount } from '@/stream/account-store';
import { Button } from '@/ui/button';
import { useMedia } from '@/lib/use-media';
import { Table, Td, TdNum, Tr } from '@/ui/table';
import { HistoryCards } from './closed-cards';
import { ListHead } from './list-head';
import { ListState } from './list-state';
import { ExplainButton } from './order-actions';
import { FilledBar, formatPrice, formatQty, SideText, TypeText, type Precision } from './order-cells';

const COLUMNS = [
  'time',
  'market',
  'side',
  'type',
  'price',
  'average',
  'amount',
  'filled',
  'fee',
  'status',
  'actions',
] as const;

interface RowProps {
  order: Order;
  precision: Precision;
  onExplain: (order: Order) => void;
}

function HistoryRow({ order, precision, onExplain }: RowProps) {
  const { t, i18n } = useTranslation('trade');
  const fee = isZero(order.fee) ? NO_VALUE : `${formatDecimal(order.fee)} ${order.fee_asset}`;
  return (
    <Tr className="[&>td]:h-9">
      <Td className="num text-quiet">{formatDateTime(order.created_at, i18n.language)}</Td>
      <Td className="font-medium text-strong">{order.market}</Td>
      <Td>
        <SideText side={order.side} />
      </Td>
      <Td>
        <TypeText order={order} precision={precision} />
      </Td>
      <TdNum>
        {order.price === null ? t('orders.marketPrice') : formatPrice(order.price, order.market, precision)}
      </TdNum>
      <TdNum>{formatPrice(order.average_price, order.market, precision)}</TdNum>
      <TdNum>{formatQty(order.qty ?? order.filled, order.market, precision)}</TdNum>
      <TdNum>
        <FilledBar order={order} />
      </TdNum>
      <TdNum className="text-normal">{fee}</TdNum>
      <Td title={order.reason === 'none' ? undefined : t(`orders.reasons.${order.reason}`)}>
        {t(`orders.statuses.${order.status}`)}
        {order.reason !== 'none' && order.reason !== 'user' && (
          <span className="text-12 text-quiet"> · {t(`orders.reasons.${order.reason}`)}</span>
        )}
      </Td>
      <Td className="text-right">
        <ExplainButton order={order} precision={precision} onExplain={() => onExplain(order)} />
      </Td>
    </Tr>
  );
}

/** Orders that are done, one page after the other, with what the stream closed meanwhile on top. */
function useClosedOrders(market: string | undefined) {
  const paper = usePaperMode();
  const filter = { status: 'closed', paper, ...(market !== undefined && { market }) } as const;
  const query = useInfiniteQuery(ordersQuery(filter));
  const live = useAccount((store) => store.orders);
  const orders = useMemo(() => {
    const fetched = query.data?.pages.flatMap((page) => page.items);
    const merged = fetched && mergeOrders(fetched, live);
    const wanted = ({ market: where }: Order) =>
      market === undefined ? isPaper(where) === paper : where === market;
    return merged?.filter((order) => !isOpen(order) && wanted(order));
  }, [query.data, live, market, paper]);
  return { ...query, orders };
}

interface OrderHistoryProps {
  market: string | undefined;
  precision: Precision;
  onExplain: (order: Order) => void;
}

export function OrderHistory({ market, precision, onExplain }: OrderHistoryProps) {
  const { t } = useTranslation('trade');
  const { orders, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useClosedOrders(market);
  const wide = useMedia('(min-width: 768px)');
  const empty = { title: t('orders.emptyHistory'), text: t('orders.emptyHistoryText') };
  return (
    <ListState count={orders?.length} error={error} onRetry={() => void refetch()} empty={empty}>
      {wide ? (
        <Table className="text-13" data-testid="order-history">
          <ListHead columns={COLUMNS} />
          <tbody>
            {orders?.map((order) => (
              <HistoryRow key={order.id} {...{ order, precision, onExplain }} />
            ))}
          </tbody>
        </Table>
      ) : (
        <HistoryCards orders={orders ?? []} precision={precision} onExplain={onExplain} />
      )}
      {hasNextPage && (
        <Button
          variant="ghost"
          size="sm"
          className="m-2"
          busy={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t('orders.more')}
        </Button>
      )}
    </ListState>
  );
}
