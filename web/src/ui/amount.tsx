import { cn } from '@/lib/cn';
import { formatDecimal } from '@/lib/format';

interface AmountProps {
  value: string | null | undefined;
  /** The same for a whole column, so that the decimal points stand below each other. */
  decimals?: number;
  className?: string;
}

/** "1,200.50000000" -> ["1,200.5", "0000000"]: what tells something, and the zeros behind it. */
export function splitZeros(text: string): [telling: string, zeros: string] {
  const zeros = text.includes('.') ? (/\.?0*$/.exec(text)?.[0] ?? '') : '';
  return [text.slice(0, text.length - zeros.length), zeros];
}

/** An amount with fixed places; zeros that say nothing step back. */
export function Amount({ value, decimals = 8, className }: AmountProps) {
  const [telling, zeros] = splitZeros(formatDecimal(value, { decimals, rounding: 'down' }));
  return (
    <span className={cn('num', telling === '0' && 'text-quiet', className)}>
      {telling}
      {zeros !== '' && <span className="text-quiet">{zeros}</span>}
    </span>
  );
}
