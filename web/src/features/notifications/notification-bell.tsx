import { useQuery } from '@tanstack/react-query';
import { Bell } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { paths } from '@/lib/paths';
import { useNotices } from '@/stream/notices-store';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';
import { NoticeLine } from './notice-line';
import { newestNoticesQuery, useMarkAllRead, useRefreshNotices } from './notifications-api';

const MOST = 99;

/** A notice that comes in live makes the list ask again, which also counts anew. */
function useFreshOnNotice(): void {
  const latest = useNotices((store) => store.latest);
  const refresh = useRefreshNotices();
  useEffect(() => {
    if (latest !== null) refresh();
    // `refresh` is new with every render; only a new notice is news.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [latest]);
}

function Newest({ onFollow }: { onFollow: () => void }) {
  const { t } = useTranslation('notifications');
  const { data } = useQuery(newestNoticesQuery);
  const markAll = useMarkAllRead();
  const items = data?.items ?? [];
  return (
    <>
      <div className="flex min-h-12 items-center justify-between gap-4 px-4">
        <h2 className="text-14 font-semibold">{t('title')}</h2>
        {(data?.unread ?? 0) > 0 && (
          <Button
            variant="link"
            className="text-13"
            busy={markAll.isPending}
            onClick={() => markAll.mutate()}
          >
            {t('markAllRead')}
          </Button>
        )}
      </div>
      {items.length === 0 ? (
        <EmptyState className="border-t border-line py-8" title={t('empty')} text={t('emptyText')} />
      ) : (
        <ul className="max-h-[min(24rem,60dvh)] divide-y divide-line overflow-y-auto border-t border-line">
          {items.map((notice) => (
            <li key={notice.id}>
              <NoticeLine notice={notice} onFollow={onFollow} />
            </li>
          ))}
        </ul>
      )}
      <div className="border-t border-line p-2 text-center">
        <Button asChild variant="ghost" size="sm" className="w-full">
          <Link to={paths.notifications} onClick={onFollow}>
            {t('seeAll')}
          </Link>
        </Button>
      </div>
    </>
  );
}

/** The bell in the bar: how much is unread, and the newest of it. */
export function NotificationBell() {
  const { t } = useTranslation('notifications');
  const [open, setOpen] = useState(false);
  const { data } = useQuery(newestNoticesQuery);
  useFreshOnNotice();
  const unread = data?.unread ?? 0;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button
          variant="ghost"
          size="icon"
          className="relative"
          aria-label={unread > 0 ? t('bellUnread', { count: unread }) : t('title')}
        >
          <Bell aria-hidden />
          {unread > 0 && (
            <span
              aria-hidden
              className="absolute top-0.5 right-0 grid h-4 min-w-4 place-items-center rounded-full bg-brand-fill px-1 num text-[10px] leading-none font-semibold text-on-brand"
            >
              {unread > MOST ? `${MOST}+` : unread}
            </span>
          )}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('title')}
          className="z-50 w-96 max-w-[calc(100vw-1rem)] animate-appear overflow-hidden rounded-panel border border-line bg-panel shadow-float outline-none"
        >
          <Newest onFollow={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
