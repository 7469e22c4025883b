import { useCallback, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market } from '@/api/types';
import { decimalsOf, mul } from '@/lib/decimal';
import { realOf } from '@/lib/paper';
import { EmptyState } from '@/ui/empty-state';
import { LaterSelect } from '@/ui/later-select';
import { Skeleton } from '@/ui/skeleton';
import { BookReader } from './book-reader';
import { calculateBookView, GROUPINGS, type BookRow } from './book-rows';
import { OrderBookRow, type RowFormat } from './order-book-row';
import { OrderBookSpread } from './order-book-spread';
import { useFrameBook } from './use-frame-book';
import { useRowsThatFit } from './use-rows-that-fit';

const MIDDLE_HEIGHT = 34;

/** Arrow keys lead from row to row; rows are buttons in the order in which they are drawn. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const index = rows.findIndex((row) => row === document.activeElement);
  rows[index + step]?.focus();
}

interface SideProps {
  side: 'bid' | 'ask';
  rows: readonly BookRow[];
  format: RowFormat;
}

/** Rows are numbered from the best price, so a level that stays best keeps its element. */
function BookSide({ side, rows, format }: SideProps) {
  const drawn = rows.map((row, index) => (
    <OrderBookRow key={index} side={side} tabStop={side === 'bid' && index === 0} format={format} {...row} />
  ));
  return (
    <div className={`flex min-h-0 flex-1 flex-col overflow-hidden ${side === 'ask' ? 'justify-end' : ''}`}>
      {side === 'ask' ? drawn.reverse() : drawn}
    </div>
  );
}

/** Names its asset only where there is room for it. */
function Heading({ long, short, className }: { long: string; short: string; className?: string }) {
  return (
    <span className={className}>
      <span className="@max-[15.5rem]:hidden">{long}</span>
      <span className="@[15.5rem]:hidden">{short}</span>
    </span>
  );
}

interface HeadProps {
  market: Market;
  grouping: string;
  onGrouping: (value: string) => void;
}

function Head({ market, grouping, onGrouping }: HeadProps) {
  const { t } = useTranslation('trade');
  const options = GROUPINGS.map((ticks) => ({ value: `${ticks}`, label: mul(market.tick_size, `${ticks}`) }));
  return (
    <>
      <div className="flex h-10 shrink-0 items-center justify-between border-b border-line pr-1.5 pl-3">
        <h2 className="text-13 font-medium" title={t('book.hint')}>
          {t('book.title')}
        </h2>
        <LaterSelect
          aria-label={t('book.grouping')}
          value={grouping}
          onChange={onGrouping}
          options={options}
          className="h-7 gap-1 border-transparent bg-transparent px-1.5 num text-12 [&_svg]:size-3.5"
        />
      </div>
      <div
        aria-hidden
        className="@container grid h-6 shrink-0 grid-cols-3 items-center gap-x-2 px-3 text-right text-12 text-quiet"
      >
        <Heading
          className="text-left"
          long={t('book.price', { asset: realOf(market.quote) })}
          short={t('tape.price')}
        />
        <Heading long={t('book.amount', { asset: realOf(market.base) })} short={t('tape.amount')} />
        <span>{t('book.total')}</span>
      </div>
    </>
  );
}

function BookSkeleton() {
  return (
    <div className="grid content-between gap-1.5 overflow-hidden px-3 py-1" aria-hidden>
      {Array.from({ length: 16 }, (_, row) => (
        <Skeleton key={row} className="h-3.5" />
      ))}
    </div>
  );
}

interface OrderBookProps {
  market: Market;
  ownPrices: ReadonlySet<string>;
  onPickPrice: (price: string) => void;
  onPickSize: (price: string, qty: string) => void;
  rowHeight?: number;
}

/** Both sides of the book around the spread, best prices nearest to it. */
export function OrderBook({ market, ownPrices, onPickPrice, onPickSize, rowHeight = 20 }: OrderBookProps) {
  const { t } = useTranslation('trade');
  const book = useFrameBook(market.symbol);
  const [grouping, setGrouping] = useState('1');
  const host = useRef<HTMLDivElement>(null);
  const rows = useRowsThatFit(host, rowHeight, MIDDLE_HEIGHT);
  const { symbol, tick_size: tickSize } = market;
  const view = useMemo(
    () => book && calculateBookView(book, { tickSize, grouping: Number(grouping), rows, ownPrices }),
    [book, tickSize, grouping, rows, ownPrices],
  );
  const onPick = useCallback<RowFormat['onPick']>(
    (price, cumulative, withSize) => (withSize ? onPickSize(price, cumulative) : onPickPrice(price)),
    [onPickPrice, onPickSize],
  );
  const format = useMemo<RowFormat>(() => {
    const priceDecimals = Math.min(market.price_decimals, decimalsOf(mul(tickSize, grouping)));
    return { priceDecimals, qtyDecimals: market.qty_decimals, onPick };
  }, [market, tickSize, grouping, onPick]);
  const sizes = { '--row': `${rowHeight}px`, '--middle': `${MIDDLE_HEIGHT}px` } as CSSProperties;
  return (
    <div className="flex h-full min-h-0 flex-col" style={sizes} data-testid="order-book" data-market={symbol}>
      <Head market={market} grouping={grouping} onGrouping={setGrouping} />
      {book !== undefined && <BookReader book={book} market={market} />}
      <div
        ref={host}
        role="group"
        aria-label={t('book.rows')}
        onKeyDown={moveFocus}
        className="flex min-h-0 flex-1 flex-col"
      >
        {view === undefined ? (
          <BookSkeleton />
        ) : view.bids.length + view.asks.length === 0 ? (
          <EmptyState title={t('book.empty')} className="my-auto" />
        ) : (
          <>
            <BookSide side="ask" rows={view.asks} format={format} />
            <OrderBookSpread view={view} market={market} />
            <BookSide side="bid" rows={view.bids} format={format} />
          </>
        )}
      </div>
    </div>
  );
}
