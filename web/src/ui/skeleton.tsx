import { cn } from '@/lib/cn';

/** Holds the place of what is loading, in its size. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('animate-pulse rounded-control bg-raised', className)} />;
}

/** Rows in the shape of a table. */
export function SkeletonRows({ rows = 6, className }: { rows?: number; className?: string }) {
  return (
    <div aria-hidden data-page-skeleton className="grid gap-px">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={cn('flex h-12 items-center justify-between gap-6', className)}>
          <Skeleton className="h-4 w-32" />
          <Skeleton className="h-4 w-24" />
        </div>
      ))}
    </div>
  );
}
