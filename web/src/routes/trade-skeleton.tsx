import { Skeleton } from '@/ui/skeleton';

/** Holds the places of the trade page while the market is being fetched. */
export function TradeSkeleton() {
  return (
    <div
      aria-busy="true"
      className="grid gap-1.5 p-1.5 md:h-[calc(100dvh-3.25rem-1px)] md:grid-rows-[3.5rem_1fr_13rem]"
    >
      <Skeleton className="h-14 rounded-panel" />
      <div className="grid gap-1.5 md:grid-cols-[minmax(0,1fr)_19rem] xl:grid-cols-[3fr_1fr_1fr]">
        <Skeleton className="h-80 rounded-panel md:h-full" />
        <Skeleton className="h-80 rounded-panel md:h-full" />
        <Skeleton className="hidden rounded-panel xl:block" />
      </div>
      <Skeleton className="hidden h-full rounded-panel md:block" />
    </div>
  );
}
