import { cn } from '@/lib/cn';
import { isDecimal, sign } from '@/lib/decimal';
import { formatPercent } from '@/lib/format';

/** A signed percentage with its arrow; colour is never the only carrier. */
export function Change({ percent, className }: { percent: string | null | undefined; className?: string }) {
  const direction = percent != null && isDecimal(percent) ? sign(percent) : 0;
  const tone = direction > 0 ? 'text-buy' : direction < 0 ? 'text-sell' : 'text-quiet';
  const arrow = direction > 0 ? '▲' : direction < 0 ? '▼' : '';
  return (
    <span
      className={cn('inline-flex items-baseline justify-end gap-1 num whitespace-nowrap', tone, className)}
    >
      {arrow !== '' && (
        <span aria-hidden className="-translate-y-[0.2em] text-[0.6em] leading-none">
          {arrow}
        </span>
      )}
      {formatPercent(percent)}
    </span>
  );
}
