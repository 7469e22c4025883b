import { Card } from '@/ui/card';
import { Skeleton, SkeletonRows } from '@/ui/skeleton';

/** The shape of the dashboard while it loads. */
export function DashboardSkeleton() {
  return (
    <div className="grid gap-4 lg:grid-cols-[1fr_20rem]" aria-busy="true" data-page-skeleton>
      <Card className="grid content-start gap-3 p-4">
        <Skeleton className="h-4 w-24" />
        <Skeleton className="h-11 w-64" />
        <Skeleton className="h-4 w-40" />
        <Skeleton className="h-56 w-full" />
      </Card>
      <Card className="grid content-start justify-items-center gap-4 p-4">
        <Skeleton className="size-40 rounded-full" />
        <Skeleton className="h-4 w-full" />
        <Skeleton className="h-4 w-full" />
        <Skeleton className="h-4 w-full" />
      </Card>
      <Card className="lg:col-span-2">
        <SkeletonRows rows={5} className="px-4" />
      </Card>
    </div>
  );
}
