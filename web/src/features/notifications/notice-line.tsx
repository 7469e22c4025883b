import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Notice } from '@/api/types';
import { cn } from '@/lib/cn';
import { formatAgo, formatDateTime } from '@/lib/dates';
import { CategoryMark } from './category-mark';
import { useMarkRead } from './notifications-api';

const isOwnPath = (link: string) => /^\/(?![/\\])/.test(link);

function Words({ notice }: { notice: Notice }) {
  const { t, i18n } = useTranslation('notifications');
  return (
    <>
      <CategoryMark category={notice.category} />
      <span className="grid min-w-0 flex-1 gap-0.5">
        <span className={cn('wrap-anywhere', notice.read ? 'text-normal' : 'font-medium text-strong')}>
          {notice.title}
        </span>
        {notice.text !== '' && <span className="text-13 wrap-anywhere text-quiet">{notice.text}</span>}
        <time
          dateTime={notice.created_at}
          title={formatDateTime(notice.created_at, i18n.language)}
          className="text-12 text-quiet"
        >
          {formatAgo(notice.created_at, i18n.language)}
        </time>
      </span>
      {!notice.read && (
        <span className="mt-2 size-2 shrink-0 rounded-full bg-brand">
          <span className="sr-only">{t('unread')}</span>
        </span>
      )}
    </>
  );
}

/** One thing that happened; looking at it marks it as read. */
export function NoticeLine({ notice, onFollow }: { notice: Notice; onFollow?: () => void }) {
  const markRead = useMarkRead();
  const classes =
    'flex w-full items-start gap-3 px-4 py-3 text-left text-14 transition-colors hover:bg-raised/60';
  const look = () => {
    if (!notice.read) markRead.mutate(notice.id);
    onFollow?.();
  };
  if (isOwnPath(notice.link)) {
    return (
      <Link to={notice.link} className={classes} onClick={look}>
        <Words notice={notice} />
      </Link>
    );
  }
  return (
    <button type="button" className={classes} onClick={look}>
      <Words notice={notice} />
    </button>
  );
}
