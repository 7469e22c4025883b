import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';

interface ListStateProps {
  /** undefined while loading. */
  count: number | undefined;
  error: Error | null;
  onRetry: () => void;
  empty: { title: string; text: string };
  children: ReactNode;
}

/** A list, or why there is none. */
export function ListState({ count, error, onRetry, empty, children }: ListStateProps) {
  const { t } = useTranslation('trade');
  if (count !== undefined && count > 0) return children;
  if (error !== null && count === undefined) {
    const text = `${t('orders.failedText')} ${errorText(error)}`;
    return (
      <ErrorState
        title={t('orders.failed')}
        text={text}
        retryLabel={t('orders.retry')}
        onRetry={onRetry}
        className="py-6"
      />
    );
  }
  if (count === undefined) return <SkeletonRows rows={3} className="h-9 px-4" />;
  return <EmptyState {...empty} className="py-8" />;
}
