import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market } from '@/api/types';
import { formatDecimal } from '@/lib/format';
import { Button } from '@/ui/button';
import { toast } from '@/ui/toast';
import { moveOrder } from './move-order';
import type { OrderLine } from './order-lines';

interface MoveBarProps {
  line: OrderLine;
  price: string;
  market: Market;
  /** Rises with each Enter at the handle. */
  confirming: number;
  onDone: () => void;
}

/** Says what moving the line would do, and does it when told to. */
export function MoveBar({ line, price, market, confirming, onDone }: MoveBarProps) {
  const { t } = useTranslation('trade');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ price: string; reason: string } | null>(null);
  const format = (value: string) => formatDecimal(value, { decimals: market.price_decimals });
  const values = { from: format(line.price), to: format(price), quote: market.quote, base: market.base };
  const amount = formatDecimal(line.remaining, { maxDecimals: market.qty_decimals });
  const send = async () => {
    if (busy) return;
    setBusy(true);
    const reason = await moveOrder(line, price);
    setBusy(false);
    if (reason === null) {
      toast.success(t('amend.done'), t('move.done', values));
      onDone();
    } else setRefused({ price, reason });
  };
  const heard = useRef(confirming);
  useEffect(() => {
    if (heard.current === confirming) return;
    heard.current = confirming;
    void send();
  });
  const problem = refused?.price === price ? refused.reason : null;
  return (
    <div
      role="group"
      aria-label={t('move.title')}
      data-testid="move-bar"
      className="absolute inset-x-3 bottom-9 z-20 mx-auto flex max-w-2xl animate-appear flex-wrap items-center justify-end gap-x-3 gap-y-2 rounded-panel border border-line bg-panel p-2.5 pl-3.5 text-13 shadow-float"
    >
      <p role="status" className={`mr-auto num ${problem === null ? 'text-strong' : 'text-sell'}`}>
        {problem ?? t(`move.${line.field}_${line.side}`, { ...values, amount })}
      </p>
      <span className="flex gap-2">
        <Button size="sm" variant="ghost" onClick={onDone}>
          {t('move.back')}
        </Button>
        <Button size="sm" busy={busy} onClick={() => void send()}>
          {t('move.send')}
        </Button>
      </span>
    </div>
  );
}
