import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      className={cn(
        'min-h-20 w-full rounded-control border border-line bg-panel px-3 py-2 text-14 text-strong transition-colors outline-none placeholder:text-quiet/80 focus-within:border-brand focus-within:ring-2 focus-within:ring-brand/25 disabled:opacity-60 aria-invalid:border-sell',
        className,
      )}
      {...props}
    />
  );
}
