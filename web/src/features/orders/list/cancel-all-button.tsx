import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Order } from '@/api/types';
import { usePaperMode } from '@/lib/paper';
import { Button } from '@/ui/button';
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '@/ui/dialog';
import { toast } from '@/ui/toast';
import { cancelAll } from './use-cancel-orders';

interface CancelAllButtonProps {
  orders: readonly Order[];
  /** Without it, all markets. */
  market: string | undefined;
}

/** Asks once and then cancels everything that is listed. */
export function CancelAllButton({ orders, market }: CancelAllButtonProps) {
  const { t } = useTranslation('trade');
  const [open, setOpen] = useState(false);
  const paper = usePaperMode();
  const confirm = async () => {
    setOpen(false);
    const problem = await cancelAll(orders, market, paper);
    if (problem === null) toast.success(t('orders.cancelledAll'));
    else toast.error(t('orders.cancelFailed'), problem);
  };
  const where = market ?? [...new Set(orders.map((order) => order.market))].join(', ');
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button
          variant="ghost"
          size="sm"
          aria-keyshortcuts="x"
          className="h-7 px-2 text-12 text-sell"
          disabled={orders.length === 0}
        >
          {t('orders.cancelAll')}
        </Button>
      </DialogTrigger>
      <DialogContent
        title={t('orders.cancelAllTitle', { market: where })}
        description={t('orders.cancelAllText', { count: orders.length })}
        closeLabel={t('ticket.close')}
      >
        <div className="flex justify-end gap-2">
          <DialogClose asChild>
            <Button variant="secondary">{t('orders.keep')}</Button>
          </DialogClose>
          <Button variant="danger" onClick={() => void confirm()}>
            {t('orders.cancelAllConfirm')}
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  );
}
