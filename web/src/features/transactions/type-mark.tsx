import type { TransactionType } from '@/api/types';
import { cn } from '@/lib/cn';
import { TYPE_LOOKS } from './transaction-line';

const TONES: Record<string, string> = {
  brand: 'bg-brand/12 text-brand',
  buy: 'bg-buy/12 text-buy',
  sell: 'bg-sell/12 text-sell',
  warn: 'bg-warn/14 text-warn',
};

/** The kind of a movement as a small round sign; its name stands beside it. */
export function TypeMark({ type }: { type: TransactionType }) {
  const { icon: Icon, tone } = TYPE_LOOKS[type];
  return (
    <span
      aria-hidden
      className={cn(
        'grid size-7 shrink-0 place-items-center rounded-full',
        TONES[tone] ?? 'bg-raised text-normal',
      )}
    >
      <Icon className="size-3.5" />
    </span>
  );
}
