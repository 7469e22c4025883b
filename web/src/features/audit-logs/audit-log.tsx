import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { useUser } from '@/api/session';
import { Button } from '@/ui/button';
import { Card, CardHead } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { Segmented } from '@/ui/segmented';
import { SkeletonRows } from '@/ui/skeleton';
import { auditLogsQuery } from './audit-logs-api';
import { EventRow } from './event-row';

function List({ everybody }: { everybody: boolean }) {
  const { t } = useTranslation(['audit-logs', 'common']);
  const log = useInfiniteQuery(auditLogsQuery(everybody));
  if (log.isPending) return <SkeletonRows rows={6} className="px-4" />;
  if (log.data === undefined) {
    return (
      <ErrorState
        title={t('common:errors.loadFailed')}
        text={errorText(log.error)}
        retryLabel={t('common:retry')}
        onRetry={() => void log.refetch()}
      />
    );
  }
  const items = log.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <EmptyState title={t('empty')} text={t('emptyText')} />;
  return (
    <>
      <ol>
        {items.map((event) => (
          <EventRow key={event.id} event={event} named={everybody} />
        ))}
      </ol>
      {log.hasNextPage && (
        <div className="border-t border-line p-3 text-center">
          <Button variant="ghost" busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            {t('common:loadMore')}
          </Button>
        </div>
      )}
    </>
  );
}

/** What happened to the security of the account, newest first; administrators may look at every account. */
export function AuditLog() {
  const { t } = useTranslation('audit-logs');
  const isAdmin = useUser()?.role === 'admin';
  const [whose, setWhose] = useState<'own' | 'all'>('own');
  const options = [
    { value: 'own', label: t('whose.own') },
    { value: 'all', label: t('whose.all') },
  ] as const;
  return (
    <Card>
      <CardHead title={t('title')}>
        {isAdmin && (
          <Segmented aria-label={t('whose.label')} value={whose} onChange={setWhose} options={options} />
        )}
      </CardHead>
      <p className="max-w-2xl px-4 pb-4 text-14 text-quiet">{t(whose === 'all' ? 'textAll' : 'text')}</p>
      <List key={whose} everybody={whose === 'all'} />
    </Card>
  );
}
