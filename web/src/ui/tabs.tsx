import { Tabs as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

export const Tabs = Radix.Root;
export const TabsContent = Radix.Content;

export function TabsList({ className, ...props }: ComponentProps<typeof Radix.List>) {
  return (
    <Radix.List
      className={cn('-mx-1.5 flex gap-1 overflow-x-auto border-b border-line', className)}
      {...props}
    />
  );
}

export function TabsTrigger({ className, ...props }: ComponentProps<typeof Radix.Trigger>) {
  return (
    <Radix.Trigger
      className={cn(
        '-mb-px h-9 touch-target border-b-2 border-transparent px-1.5 text-13 font-medium whitespace-nowrap text-quiet transition-colors hover:text-strong data-[state=active]:border-brand data-[state=active]:text-strong',
        className,
      )}
      {...props}
    />
  );
}
