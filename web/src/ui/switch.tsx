import { Switch as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

export function Switch({ className, ...props }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cn(
        'relative h-5 w-9 shrink-0 rounded-full bg-quiet/45 transition-colors after:absolute after:-inset-2.5 data-[state=checked]:bg-brand-fill',
        className,
      )}
      {...props}
    >
      <Radix.Thumb className="block size-4 translate-x-0.5 rounded-full bg-on-brand transition-transform data-[state=checked]:translate-x-4.5" />
    </Radix.Root>
  );
}
