import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { errorText } from '@/api/error-text';
import { transactionsQuery } from '@/api/transactions';
import type { Transaction } from '@/api/types';
import { formatAgo } from '@/lib/dates';
import { formatAmount } from '@/lib/format';
import { paths } from '@/lib/paths';
import { Card, CardHead } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { legs } from './transaction-line';
import { TypeMark } from './type-mark';

const SHOWN = 6;

function ActivityRow({ transaction }: { transaction: Transaction }) {
  const { t, i18n } = useTranslation('transactions');
  const [first, second] = legs(transaction);
  return (
    <li className="flex items-center gap-3 border-t border-line px-4 py-2.5">
      <TypeMark type={transaction.type} />
      <div className="grid min-w-0 flex-1 gap-0.5">
        <p className="truncate font-medium text-strong">
          {t(`type.${transaction.type}`)} {transaction.asset}
        </p>
        <time dateTime={transaction.created_at} className="text-12 text-quiet">
          {formatAgo(transaction.created_at, i18n.language)}
        </time>
      </div>
      <div className="grid gap-0.5 text-right num">
        <span className="text-strong">{formatAmount(first?.amount, first?.asset, { sign: 'always' })}</span>
        {second !== undefined && (
          <span className="text-12 text-quiet">{formatAmount(second.amount, second.asset)}</span>
        )}
      </div>
    </li>
  );
}

function Body() {
  const { t } = useTranslation(['transactions', 'common']);
  const { data, isPending, isError, error, refetch } = useInfiniteQuery(transactionsQuery({}, SHOWN));
  if (isPending) return <SkeletonRows rows={4} className="px-4" />;
  if (isError) {
    return (
      <ErrorState
        title={t('common:errors.loadFailed')}
        text={errorText(error)}
        retryLabel={t('common:retry')}
        onRetry={() => void refetch()}
      />
    );
  }
  const items = data.pages[0]?.items ?? [];
  if (items.length === 0) return <EmptyState title={t('empty')} text={t('emptyText')} />;
  return (
    <ul>
      {items.map((transaction) => (
        <ActivityRow key={transaction.id} transaction={transaction} />
      ))}
    </ul>
  );
}

/** The last few movements, and the way to all of them. */
export function ActivityCard() {
  const { t } = useTranslation('transactions');
  return (
    <Card>
      <CardHead title={t('recent')}>
        <Link to={paths.transactions} className="text-13 font-medium text-brand hover:underline">
          {t('all')}
        </Link>
      </CardHead>
      <Body />
    </Card>
  );
}
