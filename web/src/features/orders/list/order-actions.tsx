import { History, Pencil, X, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Order } from '@/api/types';
import { cn } from '@/lib/cn';
import { toast } from '@/ui/toast';
import { amendableFields } from './amendment';
import { formatPrice, formatQty, type Precision } from './order-cells';
import { cancelOne } from './use-cancel-orders';

interface IconActionProps {
  icon: LucideIcon;
  label: string;
  title: string;
  onClick: () => void;
  pressed?: boolean;
  danger?: boolean;
}

function IconAction({ icon: Icon, label, title, onClick, pressed, danger = false }: IconActionProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-expanded={pressed}
      title={title}
      onClick={onClick}
      className={cn(
        'inline-grid size-7 touch-target place-items-center rounded-control text-quiet',
        danger ? 'hover:bg-sell/12 hover:text-sell' : 'hover:bg-raised hover:text-strong',
        pressed === true && 'bg-raised text-strong',
      )}
    >
      <Icon className="size-4" aria-hidden />
    </button>
  );
}

interface OrderActionsProps {
  order: Order;
  precision: Precision;
  amending: boolean;
  onAmend: () => void;
  onExplain: () => void;
}

/** The order in a few words, for the names of its buttons. */
function useOrderWords(order: Order, precision: Precision) {
  const { t } = useTranslation('trade');
  const price = order.price ?? order.trigger_price;
  return {
    side: t(`side.${order.side}`),
    amount: formatQty(order.qty ?? order.total, order.market, precision),
    asset: order.market.split('-')[0] ?? '',
    price: formatPrice(price, order.market, precision),
  };
}

/** Opens the story of an order. */
export function ExplainButton({
  order,
  precision,
  onExplain,
}: Pick<OrderActionsProps, 'order' | 'precision' | 'onExplain'>) {
  const { t } = useTranslation('trade');
  const words = useOrderWords(order, precision);
  return (
    <IconAction
      icon={History}
      label={t('orders.explainOne', words)}
      title={t('orders.explain')}
      onClick={onExplain}
    />
  );
}

/** What can be done with an open order: change it, read its story, cancel it. */
export function OrderActions({ order, precision, amending, onAmend, onExplain }: OrderActionsProps) {
  const { t } = useTranslation('trade');
  const words = useOrderWords(order, precision);
  const cancel = async () => {
    const problem = await cancelOne(order.id);
    if (problem !== null) toast.error(t('orders.cancelFailed'), problem);
  };
  return (
    <span className="inline-flex gap-0.5">
      {amendableFields(order).length > 0 && (
        <IconAction
          icon={Pencil}
          label={t('orders.amendOne', words)}
          title={t('orders.amend')}
          onClick={onAmend}
          pressed={amending}
        />
      )}
      <ExplainButton order={order} precision={precision} onExplain={onExplain} />
      <IconAction
        icon={X}
        label={t('orders.cancelOne', words)}
        title={t(order.group_id === null ? 'orders.cancel' : 'orders.cancelLeg')}
        onClick={() => void cancel()}
        danger
      />
    </span>
  );
}
