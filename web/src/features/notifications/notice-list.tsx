import { useInfiniteQuery } from '@tanstack/react-query';
import { Bell } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { Button } from '@/ui/button';
import { Card, CardHead } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { NoticeLine } from './notice-line';
import { noticesQuery, useMarkAllRead } from './notifications-api';

function List() {
  const { t } = useTranslation(['notifications', 'common']);
  const list = useInfiniteQuery(noticesQuery);
  if (list.isPending) return <SkeletonRows rows={4} className="px-4" />;
  if (list.data === undefined) {
    return (
      <ErrorState
        title={t('common:errors.loadFailed')}
        text={errorText(list.error)}
        retryLabel={t('common:retry')}
        onRetry={() => void list.refetch()}
      />
    );
  }
  const items = list.data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return <EmptyState icon={<Bell aria-hidden />} title={t('empty')} text={t('emptyText')} />;
  }
  return (
    <>
      <ul className="divide-y divide-line border-t border-line">
        {items.map((notice) => (
          <li key={notice.id}>
            <NoticeLine notice={notice} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <div className="border-t border-line p-3 text-center">
          <Button variant="ghost" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('common:loadMore')}
          </Button>
        </div>
      )}
    </>
  );
}

/** Everything that happened, newest first. */
export function NoticeList() {
  const { t } = useTranslation('notifications');
  const { data } = useInfiniteQuery(noticesQuery);
  const markAll = useMarkAllRead();
  return (
    <Card>
      <CardHead title={t('title')}>
        {(data?.pages[0]?.unread ?? 0) > 0 && (
          <Button variant="ghost" size="sm" busy={markAll.isPending} onClick={() => markAll.mutate()}>
            {t('markAllRead')}
          </Button>
        )}
      </CardHead>
      <List />
    </Card>
  );
}
