import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market, Order } from '@/api/types';
import { isZero } from '@/lib/decimal';
import { formatDecimal } from '@/lib/format';
import { toast } from '@/ui/toast';

/** Says what became of an acknowledged order; fills are told by the stream as they happen. */
export function usePlacedToast(market: Pick<Market, 'base' | 'quote'>): (orders: Order[]) => void {
  const { t } = useTranslation('trade');
  const { base, quote } = market;
  return useCallback(
    (orders: Order[]) => {
      const order = orders[0];
      if (order === undefined) return;
      if (orders.length > 1) {
        const kind = order.role === 'entry' ? 'placedBracket' : 'placedOco';
        toast.success(t(`ticket.${kind}`), t(`ticket.${kind}Text`, { count: orders.length }));
        return;
      }
      const filled = formatDecimal(order.filled);
      if (order.status === 'open') {
        const values = {
          side: t(`side.${order.side}`),
          amount: formatDecimal(order.qty),
          base,
          price: formatDecimal(order.price),
          quote,
        };
        toast.success(t('ticket.placed'), t('ticket.placedText', values));
      } else if (order.status === 'waiting') {
        toast.success(t('ticket.placedWaiting'), t('ticket.placedWaitingText'));
      } else if (order.status === 'expired' || order.status === 'cancelled') {
        if (isZero(order.filled)) toast.info(t('ticket.expired'), t('ticket.expiredText'));
        else toast.info(t('ticket.partly'), t('ticket.partlyText', { filled, base }));
      }
    },
    [t, base, quote],
  );
}
