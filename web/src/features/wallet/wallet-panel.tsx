import { Droplets, Search, Wallet as WalletIcon } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { useMarketOf } from '@/api/markets';
import { sum } from '@/lib/decimal';
import { formatUsd } from '@/lib/format';
import { usePreferences } from '@/lib/preferences';
import { dollarPrice, usePrices } from '@/stream/prices-store';
import { useBalances } from '@/stream/use-live';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { Input } from '@/ui/input';
import { NumberCell } from '@/ui/number-cell';
import { Skeleton, SkeletonRows } from '@/ui/skeleton';
import { Switch } from '@/ui/switch';
import { calculateRows, selectRows, type BalanceRow } from './balance-rows';
import { BalancesTable } from './balances-table';
import { FaucetDialog } from './faucet-dialog';

/** Balance rows with live amounts and live prices; undefined while loading. */
function useRows() {
  const { balances, isError, error, refetch } = useBalances();
  const prices = usePrices((store) => store.prices);
  const rows = balances && calculateRows(balances, (asset) => dollarPrice(prices, asset));
  return { rows, failed: isError && rows === undefined, error, refetch };
}

function Total({ rows }: { rows: BalanceRow[] | undefined }) {
  const { t } = useTranslation('wallet');
  const total = rows && sum(rows.map((row) => row.value ?? '0'));
  return (
    <div className="grid gap-1">
      <p className="text-13 text-quiet">{t('estimatedValue')}</p>
      {total === undefined ? (
        <Skeleton className="h-8.75 w-36" />
      ) : (
        <p className="text-28 font-semibold tracking-tight text-strong" data-testid="wallet-total">
          <NumberCell text={formatUsd(total)} />
        </p>
      )}
    </div>
  );
}

function Toolbar({ search, onSearch }: { search: string; onSearch: (text: string) => void }) {
  const { t } = useTranslation('wallet');
  const id = useId();
  const { hideSmallBalances, set } = usePreferences();
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-3 p-4">
      <Input
        className="h-9 w-full sm:w-64"
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        value={search}
        onChange={(event) => onSearch(event.target.value)}
        prefixNode={<Search className="size-4 text-quiet" aria-hidden />}
      />
      <span className="flex items-center gap-2.5">
        <Switch
          id={id}
          checked={hideSmallBalances}
          onCheckedChange={(checked) => set({ hideSmallBalances: checked })}
        />
        <label htmlFor={id} className="text-13 text-normal">
          {t('hideSmall')}
        </label>
      </span>
    </div>
  );
}

function Nothing() {
  const { t } = useTranslation('wallet');
  return (
    <EmptyState
      icon={<WalletIcon aria-hidden />}
      title={t('empty')}
      text={t('emptyText')}
      action={<FaucetDialog trigger={<Button>{t('faucet.open')}</Button>} />}
    />
  );
}

export function WalletPanel() {
  const { t } = useTranslation(['wallet', 'common']);
  const [search, setSearch] = useState('');
  const hideSmall = usePreferences((preferences) => preferences.hideSmallBalances);
  const { rows, failed, error, refetch } = useRows();
  const marketOf = useMarketOf();
  const shown = rows && selectRows(rows, { search, hideSmall });
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <Total rows={failed ? [] : rows} />
        <FaucetDialog
          trigger={
            <Button variant="secondary">
              <Droplets aria-hidden />
              {t('faucet.open')}
            </Button>
          }
        />
      </div>
      <Card>
        {rows?.length !== 0 && <Toolbar search={search} onSearch={setSearch} />}
        {failed ? (
          <ErrorState
            title={t('common:errors.loadFailed')}
            text={errorText(error)}
            retryLabel={t('common:retry')}
            onRetry={() => void refetch()}
          />
        ) : shown === undefined ? (
          <SkeletonRows rows={6} className="px-4" />
        ) : rows?.length === 0 ? (
          <Nothing />
        ) : shown.length === 0 ? (
          <EmptyState title={t('noMatch')} text={t('noMatchText')} />
        ) : (
          <BalancesTable rows={shown} marketOf={marketOf} />
        )}
      </Card>
    </>
  );
}
