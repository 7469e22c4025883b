import { useQuery } from '@tanstack/react-query';
import { Compass } from 'lucide-react';
import { lazy, Suspense, useDeferredValue, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { errorText } from '@/api/error-text';
import { marketsQuery, paperMarketsQuery } from '@/api/markets';
import { useUser } from '@/api/session';
import type { Market } from '@/api/types';
import { FavouriteButton } from '@/features/markets/favourite-button';
import { MarketPicker } from '@/features/markets/market-picker';
import { BalancesPanel } from '@/features/orders/balances-panel';
import { FillToasts } from '@/features/orders/fill-toasts';
import { dispatchTicket, openTicket } from '@/features/orders/ticket/ticket-store';
import { PaperBadge } from '@/features/paper/paper-badge';
import { PaperSwitch } from '@/features/paper/paper-switch';
import { HotkeyHelp } from '@/features/trade/hotkeys/hotkey-help';
import { TradeTape } from '@/features/trade/trade-tape';
import { toStep } from '@/lib/decimal';
import { isPaper, PaperMode, realOf } from '@/lib/paper';
import { paths } from '@/lib/paths';
import { usePreferences } from '@/lib/preferences';
import { useMedia } from '@/lib/use-media';
import { useTitle } from '@/lib/use-title';
import { useBook } from '@/stream/use-live';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { Later } from '@/ui/later';
import { Skeleton, SkeletonRows } from '@/ui/skeleton';
import { PriceTitle, TradeBook, TradeChart, TradeTicket } from './trade-own';
import { AddPane } from './trade-panes';
import type { TradeParts } from './trade-parts';
import { TradePhone } from './trade-phone';
import { TradeSkeleton } from './trade-skeleton';
import { TradeTablet } from './trade-tablet';

// Only paper markets have it.
const PaperDesk = lazy(async () => ({
  default: (await import('@/features/paper/paper-desk')).PaperDesk,
}));

// What is below the chart, and all it opens, is not part of the first paint.
const OrdersPanel = lazy(async () => ({
  default: (await import('@/features/orders/list/orders-panel')).OrdersPanel,
}));

// Only a desk needs panels that can be resized, and there they are fetched together with the markets.
const loadDesk = () => import('./trade-desk');
const TradeDesk = lazy(async () => ({ default: (await loadDesk()).TradeDesk }));
const DESK = '(min-width: 1280px)';
if (matchMedia(DESK).matches) void loadDesk();

/** Follows the book for everything on the page that reads it; draws nothing, so a new book redraws only its readers. */
function BookFeed({ pair }: { pair: string }): null {
  useBook(pair);
  return null;
}

function useParts(market: Market, markets: readonly Market[]): TradeParts {
  const navigate = useNavigate();
  const signedIn = useUser() !== null;
  return useMemo(
    () => ({
      market,
      markets,
      picker: (
        <>
          <MarketPicker
            market={market}
            markets={markets}
            onPick={(symbol) => void navigate(paths.trade(symbol))}
          />
          <FavouriteButton pair={market.symbol} hotkey="f" />
          <PaperSwitch pair={market.symbol} />
          <PaperBadge />
          <AddPane market={market} markets={markets} />
          <HotkeyHelp />
        </>
      ),
      chart: <TradeChart market={market} />,
      book: (rowHeight, onPicked) => <TradeBook {...{ market, rowHeight, onPicked }} />,
      tape: <TradeTape market={market} />,
      ticket: (onDone) => {
        const ticket = <TradeTicket market={market} onDone={onDone} />;
        if (!market.paper || !signedIn) return ticket;
        return (
          <Suspense fallback={<Skeleton className="m-3 h-96" />}>
            <PaperDesk>{ticket}</PaperDesk>
          </Suspense>
        );
      },
      balances: signedIn ? <BalancesPanel market={market} /> : null,
      orders: (
        <Later fallback={<SkeletonRows rows={3} className="h-9 px-4" />}>
          <OrdersPanel market={market} markets={markets} mark={<PaperBadge />} />
        </Later>
      ),
      chooseSide: (side) => dispatchTicket({ kind: 'side', side }),
    }),
    [market, markets, navigate, signedIn],
  );
}

function TradePage({ market, markets }: { market: Market; markets: readonly Market[] }) {
  const parts = useParts(market, markets);
  const desk = useMedia(DESK);
  const tablet = useMedia('(min-width: 768px)');
  const remember = usePreferences((preferences) => preferences.set);
  const last = market.ticker?.reference.last ?? null;
  useEffect(() => {
    openTicket(market.symbol, last && toStep(last, market.tick_size));
    remember({ lastPair: realOf(market.symbol) });
  }, [market.symbol, market.tick_size, last, remember]);
  const Layout = desk ? TradeDesk : tablet ? TradeTablet : TradePhone;
  return (
    <PaperMode value={market.paper}>
      {market.paper && (
        <div aria-hidden className="pointer-events-none fixed inset-0 z-30 border-2 border-info" />
      )}
      <h1 className="sr-only">{market.symbol}</h1>
      <BookFeed key={market.symbol} pair={market.symbol} />
      <PriceTitle market={market} />
      <FillToasts />
      <Suspense fallback={<TradeSkeleton />}>
        <Layout {...parts} />
      </Suspense>
    </PaperMode>
  );
}

function UnknownMarket({ pair }: { pair: string }) {
  const { t } = useTranslation('trade');
  useTitle(t('title'));
  return (
    <EmptyState
      icon={<Compass aria-hidden />}
      title={t('unknownMarket.title', { pair })}
      text={t('unknownMarket.text')}
      action={
        <Button asChild size="sm">
          <Link to={paths.markets}>{t('unknownMarket.action')}</Link>
        </Button>
      }
      className="py-24"
    />
  );
}

/** Trade one market: the address names it. */
export function Component() {
  const { t } = useTranslation('trade');
  const { pair = '' } = useParams();
  const { data, error, refetch } = useQuery(isPaper(pair.toUpperCase()) ? paperMarketsQuery : marketsQuery);
  // In slices: the whole page hangs on it.
  const markets = useDeferredValue(data);
  const market = markets?.find((each) => each.symbol === pair.toUpperCase());
  if (markets !== undefined && market !== undefined) return <TradePage market={market} markets={markets} />;
  if (markets !== undefined) return <UnknownMarket pair={pair} />;
  if (error === null) return <TradeSkeleton />;
  const text = `${t('marketsFailed.text')} ${errorText(error)}`;
  return (
    <ErrorState
      title={t('marketsFailed.title')}
      text={text}
      retryLabel={t('marketsFailed.retry')}
      onRetry={() => void refetch()}
      className="py-24"
    />
  );
}
