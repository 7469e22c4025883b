import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { paperQuery } from '@/api/paper';
import { ErrorState } from '@/ui/error-state';
import { Skeleton } from '@/ui/skeleton';
import { PaperStart } from './paper-start';
import { PaperValue } from './paper-value';
import { ResetButton } from './reset-button';

/** Above the ticket of a paper market: how the play money stands; before there is any, the way to it instead. */
export function PaperDesk({ children }: { children: ReactNode }) {
  const { t } = useTranslation('paper');
  const { data, error, refetch } = useQuery({ ...paperQuery, refetchInterval: 15_000 });
  if (data === undefined && error !== null) {
    return (
      <ErrorState
        title={t('failed')}
        text={errorText(error)}
        retryLabel={t('retry')}
        onRetry={() => void refetch()}
      />
    );
  }
  if (data === undefined) return <Skeleton className="m-3 h-96" />;
  if (data.started_at === null) return <PaperStart amount={data.start_amount} className="px-3 pb-3" />;
  return (
    <>
      <section
        aria-label={t('account')}
        className="flex items-end justify-between gap-2 border-b border-line bg-info/10 px-3 py-2 text-13"
      >
        <PaperValue paper={data} />
        <ResetButton amount={data.start_amount} />
      </section>
      {children}
    </>
  );
}
