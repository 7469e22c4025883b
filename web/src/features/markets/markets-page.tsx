import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { SearchX, Star } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { coinsQuery, marketsQuery } from '@/api/markets';
import { errorText } from '@/api/error-text';
import { useMedia } from '@/lib/use-media';
import { useTitle } from '@/lib/use-title';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { useFavourites } from './favourites-store';
import { MarketCards } from './market-cards';
import { MarketMovers } from './market-movers';
import { indexSparklines, listQuotes, nextSort, selectMarkets, type Sort } from './market-rows';
import { MarketsTable } from './markets-table';
import { MarketsToolbar } from './markets-toolbar';

/** Live prices move in place; only the order of rows waits for the next fetch, so that nothing jumps under the pointer. */
const REORDER_MS = 30_000;

/** Most coins trade against it; showing every coin twice by default would only be longer. */
const MAIN_QUOTE = 'USDT';
const USUAL_QUOTES = [MAIN_QUOTE, 'USD'];

function useSparklines(): Record<string, string[]> {
  const { data } = useInfiniteQuery(coinsQuery);
  return useMemo(() => indexSparklines(data?.pages.flatMap((page) => page.items) ?? []), [data]);
}

/** As tall as the list that is coming, so that nothing below it moves. */
function ListSkeleton() {
  return (
    <div className="pt-9 max-md:pt-0">
      <SkeletonRows rows={24} className="h-12 px-4 max-md:h-16" />
    </div>
  );
}

function NothingFound({ query, onClear }: { query: string; onClear: () => void }) {
  const { t } = useTranslation('markets');
  const action = (
    <Button variant="secondary" size="sm" onClick={onClear}>
      {t('emptyAction')}
    </Button>
  );
  return query === '' ? (
    <EmptyState
      icon={<Star aria-hidden />}
      title={t('noFavourites')}
      text={t('noFavouritesText')}
      action={action}
    />
  ) : (
    <EmptyState
      icon={<SearchX aria-hidden />}
      title={t('empty', { query })}
      text={t('emptyText')}
      action={action}
    />
  );
}

/** All markets: found, filtered and sorted here, followed live. */
export function MarketsPage() {
  const { t } = useTranslation('markets');
  useTitle(t('title'));
  const { data: fetched, error, refetch } = useQuery({ ...marketsQuery, refetchInterval: REORDER_MS });
  // In slices: a phone takes a while for a list this long.
  const data = useDeferredValue(fetched);
  const sparklines = useSparklines();
  const favourites = useFavourites((store) => store.pairs);
  const [query, setQuery] = useState('');
  const [quote, setQuote] = useState(MAIN_QUOTE);
  const [favouritesOnly, setFavouritesOnly] = useState(false);
  const [sort, setSort] = useState<Sort>({ key: 'volume', descending: true });
  const wide = useMedia('(min-width: 768px)');
  const shown = useMemo(() => {
    const only = favouritesOnly ? new Set(favourites) : null;
    return data && selectMarkets(data, { query, quote: favouritesOnly ? '' : quote, only }, sort);
  }, [data, query, quote, favouritesOnly, favourites, sort]);
  const clear = () => {
    setQuery('');
    setQuote('');
    setFavouritesOnly(false);
  };
  const list = () => {
    if (error !== null && fetched === undefined)
      return (
        <ErrorState
          title={t('failed')}
          text={`${t('failedText')} ${errorText(error)}`}
          retryLabel={t('retry')}
          onRetry={() => void refetch()}
        />
      );
    if (shown === undefined) return <ListSkeleton />;
    if (shown.length === 0) return <NothingFound query={query.trim()} onClear={clear} />;
    return wide ? (
      <MarketsTable
        markets={shown}
        sparklines={sparklines}
        sort={sort}
        onSort={(key) => setSort(nextSort(sort, key))}
      />
    ) : (
      <MarketCards markets={shown} sparklines={sparklines} />
    );
  };
  return (
    <div className="mx-auto grid w-full max-w-6xl gap-4 p-4 md:p-6">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div>
          <h1 className="text-20 font-semibold">{t('title')}</h1>
          <p className="min-h-5 num text-13 text-quiet">{data && t('intro', { count: data.length })}</p>
        </div>
        <MarketsToolbar
          {...{ query, quote, favouritesOnly }}
          onQuery={setQuery}
          quotes={data ? listQuotes(data) : USUAL_QUOTES}
          onQuote={setQuote}
          onFavouritesOnly={setFavouritesOnly}
        />
      </div>
      {(error === null || data !== undefined) && <MarketMovers markets={data} quote={MAIN_QUOTE} />}
      <Card className="overflow-hidden">
        <p className="border-b border-line px-4 py-2 text-12 text-quiet">{t('sources')}</p>
        {list()}
      </Card>
    </div>
  );
}
