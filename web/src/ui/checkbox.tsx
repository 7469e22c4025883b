import { Check } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

export function Checkbox({ className, ...props }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cn(
        'relative grid size-4.5 shrink-0 place-items-center rounded-[4px] border border-quiet/70 bg-panel text-on-brand after:absolute after:-inset-2.5 disabled:opacity-50 data-[state=checked]:border-brand-fill data-[state=checked]:bg-brand-fill',
        className,
      )}
      {...props}
    >
      <Radix.Indicator>
        <Check className="size-3.5" strokeWidth={3} aria-hidden />
      </Radix.Indicator>
    </Radix.Root>
  );
}
