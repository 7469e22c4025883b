import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { Button } from '@/ui/button';
import { Card, CardHead } from '@/ui/card';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { toast } from '@/ui/toast';
import { SessionRow } from './session-row';
import { sessionsQuery, useEndOtherSessions } from './sessions-api';

function EndOthers() {
  const { t } = useTranslation(['sessions', 'common']);
  const [asking, setAsking] = useState(false);
  const end = useEndOtherSessions();
  const confirm = () =>
    end.mutate(undefined, {
      onSuccess: ({ ended }) => {
        setAsking(false);
        toast.success(t('endedOthers', { count: ended }));
      },
    });
  return (
    <>
      <Button variant="danger" size="sm" onClick={() => setAsking(true)}>
        {t('endOthers')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('endOthersTitle')}
        text={t('endOthersText')}
        action={t('endOthers')}
        cancel={t('common:cancel')}
        closeLabel={t('common:close')}
        busy={end.isPending}
        error={end.isError ? errorText(end.error) : undefined}
        onConfirm={confirm}
      />
    </>
  );
}

/** Where the account is signed in. */
export function SessionsPanel() {
  const { t } = useTranslation(['sessions', 'common']);
  const sessions = useQuery(sessionsQuery);
  const items = sessions.data?.items ?? [];
  return (
    <Card>
      <CardHead title={t('title')}>{items.length > 1 && <EndOthers />}</CardHead>
      <p className="max-w-2xl px-4 pb-4 text-14 text-quiet">{t('text')}</p>
      {sessions.isPending && <SkeletonRows rows={2} className="px-4" />}
      {sessions.isError && sessions.data === undefined && (
        <ErrorState
          title={t('common:errors.loadFailed')}
          text={errorText(sessions.error)}
          retryLabel={t('common:retry')}
          onRetry={() => void sessions.refetch()}
        />
      )}
      {items.length > 0 && (
        <ul className="border-t border-line">
          {items.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      )}
      {items.length === 1 && (
        <p className="border-t border-line px-4 py-3 text-13 text-quiet">{t('onlyThis')}</p>
      )}
    </Card>
  );
}
