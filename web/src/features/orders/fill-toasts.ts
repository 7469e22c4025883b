import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fill } from '@/api/types';
import { formatDecimal } from '@/lib/format';
import { useAccount } from '@/stream/account-store';
import { toast } from '@/ui/toast';
import { sumFills } from './list/fill-rows';

/** An order that eats through several levels is one piece of news, not ten. */
const GATHER_MS = 250;

/** Calls back with the fills of one order at a time, a moment after the first of them. */
export function gatherFills(told: (fills: Fill[]) => void): () => void {
  const waiting = new Map<string, Fill[]>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const add = (fill: Fill) => {
    const known = waiting.get(fill.order_id);
    if (known !== undefined) {
      known.push(fill);
      return;
    }
    waiting.set(fill.order_id, [fill]);
    const timer = setTimeout(() => {
      timers.delete(timer);
      const fills = waiting.get(fill.order_id) ?? [];
      waiting.delete(fill.order_id);
      told(fills);
    }, GATHER_MS);
    timers.add(timer);
  };
  const stop = useAccount.subscribe(({ fills }, before) => {
    const known = new Set(before.fills);
    for (const fill of fills) if (!known.has(fill)) add(fill);
  });
  return () => {
    stop();
    for (const timer of timers) clearTimeout(timer);
  };
}

/** Tells each fill of the user's as it happens. */
export function FillToasts(): null {
  const { t } = useTranslation('trade');
  useEffect(
    () =>
      gatherFills((fills) => {
        const sum = sumFills(fills);
        if (sum === null) return;
        const [base = '', quote = ''] = sum.market.split('-');
        const title = t(sum.side === 'buy' ? 'fill.bought' : 'fill.sold', {
          qty: formatDecimal(sum.qty),
          base,
        });
        const price = formatDecimal(sum.average, { maxDecimals: 8 });
        toast.success(title, t(sum.count === 1 ? 'fill.at' : 'fill.atAverage', { price, quote }));
      }),
    [t],
  );
  return null;
}
