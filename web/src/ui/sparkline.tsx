import { memo } from 'react';
import { cn } from '@/lib/cn';
import { toChartNumber } from '@/lib/decimal';

interface SparklineProps {
  values: readonly string[];
  width?: number;
  height?: number;
  className?: string;
}

/** Coordinates of a line through the values, y downwards, inside the box with one pixel of margin. */
export function sparklinePoints(values: readonly string[], width: number, height: number): string {
  const numbers = values.map(toChartNumber);
  const low = Math.min(...numbers);
  const span = Math.max(...numbers) - low || 1;
  const step = (width - 2) / Math.max(numbers.length - 1, 1);
  const y = (value: number) => height - 1.5 - ((value - low) / span) * (height - 3);
  return numbers.map((value, index) => `${(1 + index * step).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
}

/** The course of a price in a few pixels; decoration beside figures, so hidden from screen readers. */
export const Sparkline = memo(function Sparkline({
  values,
  width = 96,
  height = 28,
  className,
}: SparklineProps) {
  if (values.length < 2) return <span aria-hidden className="inline-block" style={{ width, height }} />;
  const rising = toChartNumber(values.at(-1) ?? '0') >= toChartNumber(values[0] ?? '0');
  return (
    <svg
      aria-hidden
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className={cn(rising ? 'text-buy' : 'text-sell', className)}
    >
      <polyline
        points={sparklinePoints(values, width, height)}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
});
