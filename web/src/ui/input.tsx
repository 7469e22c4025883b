import type { ComponentProps, ReactNode } from 'react';
import { cn } from '@/lib/cn';

interface InputProps extends ComponentProps<'input'> {
  /** Shown at the right edge: a unit, a button. */
  suffix?: ReactNode;
  prefixNode?: ReactNode;
}

export function Input({ className, suffix, prefixNode, ...props }: InputProps) {
  return (
    <div
      className={cn(
        'flex h-10 items-center gap-2 rounded-control border border-line bg-panel px-3 text-14 transition-colors focus-within:border-brand focus-within:ring-2 focus-within:ring-brand/25 has-disabled:opacity-60 has-aria-invalid:border-sell',
        className,
      )}
    >
      {prefixNode}
      <input
        className="h-full w-full min-w-0 flex-1 bg-transparent text-strong outline-none placeholder:text-quiet/80"
        {...props}
      />
      {suffix !== undefined && <span className="shrink-0 text-13 text-quiet">{suffix}</span>}
    </div>
  );
}
