import { Skeleton } from '@/ui/skeleton';

/** Held while a page's code and texts arrive. */
export function PageSkeleton() {
  return (
    <div className="mx-auto grid w-full max-w-6xl gap-4 p-4 md:p-6" aria-busy="true" data-page-skeleton>
      <Skeleton className="h-8 w-48" />
      <Skeleton className="h-40 w-full rounded-panel" />
      <Skeleton className="h-64 w-full rounded-panel" />
    </div>
  );
}
