import { cn } from '@/lib/cn';
import { sign, toFixed } from '@/lib/decimal';
import { formatDecimal, formatPercent } from '@/lib/format';

/** Money won or lost: signed, so that colour is never the only carrier. */
export function Gain({ amount, percent }: { amount: string | null; percent?: string | null }) {
  const direction = amount === null ? 0 : sign(toFixed(amount, 2, 'half'));
  const tone = direction > 0 ? 'text-buy' : direction < 0 ? 'text-sell' : 'text-normal';
  return (
    <span className={cn('num whitespace-nowrap', tone)}>
      {formatDecimal(amount, { decimals: 2, sign: 'always' })}
      {percent != null && <span className="text-12"> ({formatPercent(percent)})</span>}
    </span>
  );
}
