import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

/** Scrolls sideways inside its panel, by keyboard too; the page never does. */
export function Table({ className, ...props }: ComponentProps<'table'>) {
  return (
    <div className="overflow-x-auto focus-visible:-outline-offset-2" tabIndex={0}>
      <table className={cn('w-full border-collapse text-14', className)} {...props} />
    </div>
  );
}

export function Th({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      className={cn(
        'h-9 px-3 text-left text-12 font-medium whitespace-nowrap text-quiet first:pl-4 last:pr-4 max-sm:px-2',
        className,
      )}
      {...props}
    />
  );
}

export function Tr({ className, ...props }: ComponentProps<'tr'>) {
  return <tr className={cn('border-t border-line', className)} {...props} />;
}

export function Td({ className, ...props }: ComponentProps<'td'>) {
  return (
    <td
      className={cn('h-12 px-3 py-1.5 whitespace-nowrap first:pl-4 last:pr-4 max-sm:px-2', className)}
      {...props}
    />
  );
}

/** A cell of figures: right-aligned, equal widths. */
export function TdNum({ className, ...props }: ComponentProps<'td'>) {
  return <Td className={cn('text-right num text-strong', className)} {...props} />;
}
