import { useMutation } from '@tanstack/react-query';
import { ListOrdered } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { errorText } from '@/api/error-text';
import { cancelOrder } from '@/api/orders';
import type { Order } from '@/api/types';
import { div, isZero, mul, toChartNumber } from '@/lib/decimal';
import { formatAmount, formatDecimal, priceDecimals } from '@/lib/format';
import { paths } from '@/lib/paths';
import { usePreferences } from '@/lib/preferences';
import { addOrderRaw } from '@/stream/account-store';
import { useOpenOrders } from '@/stream/use-live';
import { Button } from '@/ui/button';
import { Card, CardHead } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { toast } from '@/ui/toast';

function filledPercent(order: Order): string {
  return order.qty === null || isZero(order.qty) ? '0' : div(mul(order.filled, '100'), order.qty, 1);
}

function OrderRow({ order }: { order: Order }) {
  const { t } = useTranslation();
  const cancel = useMutation({
    mutationFn: () => cancelOrder(order.id),
    onSuccess: (cancelled) => {
      addOrderRaw(cancelled);
      toast.success(t('order.cancelled'));
    },
    onError: (error) => toast.error(errorText(error)),
  });
  const percent = filledPercent(order);
  const [base = ''] = order.market.split('-');
  return (
    <li className="flex items-center gap-3 border-t border-line px-4 py-2.5">
      <div className="grid min-w-0 flex-1 gap-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className={order.side === 'buy' ? 'font-medium text-buy' : 'font-medium text-sell'}>
            {t(`order.side.${order.side}`)}
          </span>
          <Link to={paths.trade(order.market)} className="font-medium text-strong hover:text-brand">
            {order.market}
          </Link>
          <span className="text-12 text-quiet">{t(`order.type.${order.type}`)}</span>
        </p>
        <p className="truncate num text-13 text-quiet">
          {formatAmount(order.qty, base)}
          {order.price !== null &&
            ` @ ${formatDecimal(order.price, { minDecimals: priceDecimals(order.price) })}`}
        </p>
      </div>
      <div className="grid w-26 gap-1 text-right">
        <span className="num text-12 text-quiet">{t('order.filledPercent', { percent })}</span>
        <span aria-hidden className="h-1 overflow-hidden rounded-full bg-raised">
          <span className="block h-full bg-brand" style={{ width: `${toChartNumber(percent)}%` }} />
        </span>
      </div>
      <Button
        variant="ghost"
        size="sm"
        busy={cancel.isPending}
        onClick={() => cancel.mutate()}
        aria-label={t('order.cancelLabel', { side: t(`order.side.${order.side}`), market: order.market })}
      >
        {t('cancel')}
      </Button>
    </li>
  );
}

function Body() {
  const { t } = useTranslation();
  const { orders, isError, error, refetch } = useOpenOrders();
  const lastPair = usePreferences((preferences) => preferences.lastPair);
  if (isError && orders === undefined) {
    return (
      <ErrorState
        title={t('errors.loadFailed')}
        text={errorText(error)}
        retryLabel={t('retry')}
        onRetry={() => void refetch()}
      />
    );
  }
  if (orders === undefined) return <SkeletonRows rows={3} className="px-4" />;
  if (orders.length === 0) {
    return (
      <EmptyState
        icon={<ListOrdered aria-hidden />}
        title={t('order.noneOpen')}
        text={t('order.noneOpenText')}
        action={
          <Button asChild variant="secondary" size="sm">
            <Link to={paths.trade(lastPair)}>{t('order.place')}</Link>
          </Button>
        }
      />
    );
  }
  return (
    <ul>
      {orders.slice(0, 6).map((order) => (
        <OrderRow key={order.id} order={order} />
      ))}
    </ul>
  );
}

/** Orders still working, with what is filled of each. */
export function OpenOrdersCard() {
  const { t } = useTranslation('portfolio');
  return (
    <Card>
      <CardHead title={t('openOrders')} />
      <Body />
    </Card>
  );
}
