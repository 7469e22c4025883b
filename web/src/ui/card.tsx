import type { ComponentProps, ReactNode } from 'react';
import { cn } from '@/lib/cn';

export function Card({ className, ...props }: ComponentProps<'section'>) {
  return (
    <section className={cn('min-w-0 rounded-panel border border-line bg-panel', className)} {...props} />
  );
}

interface CardHeadProps {
  title: ReactNode;
  id?: string;
  children?: ReactNode;
  className?: string;
}

/** The title of a panel at the left, its controls at the right. */
export function CardHead({ title, id, children, className }: CardHeadProps) {
  return (
    <div
      className={cn(
        'flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-2.5',
        className,
      )}
    >
      <h2 id={id} className="text-14 font-semibold">
        {title}
      </h2>
      {children}
    </div>
  );
}
