import { useTranslation } from 'react-i18next';
import type { Order } from '@/api/types';
import { formatDateTime } from '@/lib/dates';
import { formatDecimal } from '@/lib/format';
import type { FillRow } from './fill-rows';
import { ExplainButton } from './order-actions';
import { formatPrice, formatQty, SideText, TypeText, type Precision } from './order-cells';

interface HistoryCardsProps {
  orders: readonly Order[];
  precision: Precision;
  onExplain: (order: Order) => void;
}

/** Orders that are done, on a phone: what it was at the left, what came of it at the right. */
export function HistoryCards({ orders, precision, onExplain }: HistoryCardsProps) {
  const { t, i18n } = useTranslation('trade');
  return (
    <ul className="divide-y divide-line" data-testid="order-history">
      {orders.map((order) => (
        <li key={order.id} className="flex items-center gap-2 py-2.5 pr-2 pl-4 text-13">
          <div className="grid min-w-0 flex-1 gap-0.5">
            <span className="flex gap-2 text-strong">
              <SideText side={order.side} /> <span className="font-medium">{order.market}</span>
            </span>
            <span className="text-12 text-quiet">
              <TypeText order={order} precision={precision} />
            </span>
            <span className="num text-12 text-quiet">{formatDateTime(order.created_at, i18n.language)}</span>
          </div>
          <div className="grid shrink-0 justify-items-end gap-0.5 num">
            <span className="text-strong">
              {formatQty(order.qty ?? order.filled, order.market, precision)} @{' '}
              {order.average_price === null && order.price === null
                ? t('orders.marketPrice')
                : formatPrice(order.average_price ?? order.price, order.market, precision)}
            </span>
            <span className="text-12 text-normal">{t(`orders.statuses.${order.status}`)}</span>
            {order.reason !== 'none' && order.reason !== 'user' && (
              <span className="text-12 text-quiet">{t(`orders.reasons.${order.reason}`)}</span>
            )}
          </div>
          <ExplainButton order={order} precision={precision} onExplain={() => onExplain(order)} />
        </li>
      ))}
    </ul>
  );
}

/** Fills on a phone. */
export function FillCards({ fills, precision }: { fills: readonly FillRow[]; precision: Precision }) {
  const { t, i18n } = useTranslation('trade');
  return (
    <ul className="divide-y divide-line" data-testid="fills">
      {fills.map((fill) => (
        <li key={fill.key} className="flex items-center justify-between gap-3 px-4 py-2.5 text-13">
          <div className="grid min-w-0 gap-0.5">
            <span className="flex gap-2 text-strong">
              <SideText side={fill.side} /> <span className="font-medium">{fill.market}</span>
            </span>
            <span className="num text-12 text-quiet">
              {formatDateTime(fill.at, i18n.language)}
              {fill.role !== null && ` · ${t(`orders.roles.${fill.role}`)}`}
            </span>
          </div>
          <div className="grid justify-items-end gap-0.5 num">
            <span className="text-strong">
              {formatQty(fill.qty, fill.market, precision)} @{' '}
              {formatPrice(fill.price, fill.market, precision)}
            </span>
            <span className="text-12 text-quiet">
              {t('orders.fee')} {formatDecimal(fill.fee)} {fill.feeAsset}
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}
