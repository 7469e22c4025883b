import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useUser } from '@/api/session';
import type { Market } from '@/api/types';
import { OrderTicket } from '@/features/orders/ticket/order-ticket';
import { SignedOutTicket } from '@/features/orders/ticket/signed-out-ticket';
import { dispatchTicket } from '@/features/orders/ticket/ticket-store';
import { ChartPanel } from '@/features/trade/chart-panel';
import { useMarketFigures } from '@/features/trade/market-strip';
import { OrderBook } from '@/features/trade/order-book';
import { listOrderLines, type OrderLine } from '@/features/trade/order-lines/order-lines';
import { useFrameBook } from '@/features/trade/use-frame-book';
import { formatDecimal } from '@/lib/format';
import { useTitle } from '@/lib/use-title';
import { usePriceSource } from '@/stream/price-source';
import { useOpenOrders } from '@/stream/use-live';

const NO_BOOK = { bids: [], asks: [] };
const NO_PRICES: ReadonlySet<string> = new Set();
const NO_LINES: readonly OrderLine[] = [];

interface BookProps {
  market: Market;
  rowHeight: number;
  /** Called after a row was picked. */
  onPicked?: (() => void) | undefined;
}

/** A click on the book fills the ticket. */
function PickableBook({ ownPrices, onPicked, ...props }: BookProps & { ownPrices: ReadonlySet<string> }) {
  const onPickPrice = useCallback(
    (price: string) => {
      dispatchTicket({ kind: 'picked', price });
      onPicked?.();
    },
    [onPicked],
  );
  const onPickSize = useCallback(
    (price: string, amount: string) => {
      dispatchTicket({ kind: 'picked', price });
      dispatchTicket({ kind: 'amount', amount });
      onPicked?.();
    },
    [onPicked],
  );
  return <OrderBook {...props} {...{ ownPrices, onPickPrice, onPickSize }} />;
}

function OwnBook(props: BookProps) {
  const { orders } = useOpenOrders(props.market.symbol);
  const ownPrices = useMemo(
    () => new Set((orders ?? []).flatMap((order) => (order.price === null ? [] : [order.price]))),
    [orders],
  );
  return <PickableBook {...props} ownPrices={ownPrices} />;
}

/** The book, with the user's own orders marked. */
export function TradeBook(props: BookProps) {
  return useUser() === null ? <PickableBook {...props} ownPrices={NO_PRICES} /> : <OwnBook {...props} />;
}

function OwnChart({ market }: { market: Market }) {
  const { orders } = useOpenOrders(market.symbol);
  const orderLines = useMemo(() => listOrderLines(orders ?? []), [orders]);
  return <ChartPanel market={market} orderLines={orderLines} />;
}

/** The chart, with lines where the user's own orders wait. */
export function TradeChart({ market }: { market: Market }) {
  return useUser() === null ? (
    <ChartPanel market={market} orderLines={NO_LINES} />
  ) : (
    <OwnChart market={market} />
  );
}

/** The ticket over the live book; for a visitor the way in. */
export function TradeTicket({ market, onDone }: { market: Market; onDone?: (() => void) | undefined }) {
  const user = useUser();
  const book = useFrameBook(market.symbol) ?? NO_BOOK;
  const { last, own, reference } = useMarketFigures(market);
  const priceStale = usePriceSource()?.kind === 'stale';
  if (user === null) return <SignedOutTicket />;
  return (
    <OrderTicket
      {...{ market, book, priceStale }}
      lastPrice={reference}
      lastTrade={own ? last : null}
      {...(onDone && { onDone })}
    />
  );
}

/** The price in the browser's tab. */
export function PriceTitle({ market }: { market: Market }): null {
  const { t } = useTranslation('trade');
  const { last } = useMarketFigures(market);
  const price = formatDecimal(last, { decimals: market.price_decimals });
  useTitle(t('titleLive', { price, pair: market.symbol }));
  return null;
}
