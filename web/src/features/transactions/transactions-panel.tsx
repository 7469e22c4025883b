import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ArrowLeftRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { errorText } from '@/api/error-text';
import { transactionsQuery, type TransactionFilter } from '@/api/transactions';
import type { TransactionType } from '@/api/types';
import { balanceQuery } from '@/api/wallet';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { Select } from '@/ui/select';
import { SkeletonRows } from '@/ui/skeleton';
import { TRANSACTION_TYPES } from './transaction-line';
import { TransactionsTable } from './transactions-table';

const ALL = 'all';

/** The filter lives in the address, so that it can be shared and survives a reload. */
function useFilter() {
  const [query, setQuery] = useSearchParams();
  const type = TRANSACTION_TYPES.find((known) => known === query.get('type'));
  const asset = query.get('asset') ?? undefined;
  const change = (name: 'type' | 'asset', value: string) =>
    setQuery(
      (before) => {
        if (value === ALL) before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  return { filter: { type, asset }, change };
}

interface FilterBarProps {
  filter: TransactionFilter;
  onChange: (name: 'type' | 'asset', value: string) => void;
}

function FilterBar({ filter, onChange }: FilterBarProps) {
  const { t } = useTranslation('transactions');
  const { data: wallet } = useQuery(balanceQuery);
  const assets = [
    ...new Set([...(wallet?.items.map((item) => item.asset) ?? []), ...(filter.asset ? [filter.asset] : [])]),
  ];
  const types = TRANSACTION_TYPES.map((value) => ({ value, label: t(`type.${value}`) }));
  return (
    <div className="flex flex-wrap gap-2 p-4">
      <Select<TransactionType | typeof ALL>
        aria-label={t('kind')}
        value={filter.type ?? ALL}
        onChange={(value) => onChange('type', value)}
        options={[{ value: ALL, label: t('allKinds') }, ...types]}
      />
      <Select
        aria-label={t('asset')}
        value={filter.asset ?? ALL}
        onChange={(value) => onChange('asset', value)}
        options={[{ value: ALL, label: t('allAssets') }, ...assets.map((value) => ({ value, label: value }))]}
      />
    </div>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation('transactions');
  if (filtered) return <EmptyState title={t('noMatch')} />;
  return (
    <EmptyState
      icon={<ArrowLeftRight aria-hidden />}
      title={t('empty')}
      text={t('emptyText')}
      action={
        <Button asChild>
          <Link to={paths.wallet}>{t('toWallet')}</Link>
        </Button>
      }
    />
  );
}

function List({ filter }: { filter: TransactionFilter }) {
  const { t } = useTranslation('common');
  const list = useInfiniteQuery(transactionsQuery(filter));
  if (list.isPending) return <SkeletonRows rows={8} className="px-4" />;
  if (list.data === undefined) {
    return (
      <ErrorState
        title={t('errors.loadFailed')}
        text={errorText(list.error)}
        retryLabel={t('retry')}
        onRetry={() => void list.refetch()}
      />
    );
  }
  const items = list.data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return <Nothing filtered={filter.type !== undefined || filter.asset !== undefined} />;
  return (
    <>
      <TransactionsTable items={items} />
      {list.hasNextPage && (
        <div className="border-t border-line p-3 text-center">
          <Button variant="ghost" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('loadMore')}
          </Button>
        </div>
      )}
    </>
  );
}

export function TransactionsPanel() {
  const { filter, change } = useFilter();
  return (
    <Card>
      <FilterBar filter={filter} onChange={change} />
      <List filter={filter} />
    </Card>
  );
}
