import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { formatDecimal } from '@/lib/format';
import type { BookRow } from './book-rows';

/** What all rows of a book have in common; one object, so that rows can be memoised. */
export interface RowFormat {
  priceDecimals: number;
  qtyDecimals: number;
  onPick: (price: string, cumulative: string, withSize: boolean) => void;
}

interface OrderBookRowProps extends BookRow {
  side: 'bid' | 'ask';
  format: RowFormat;
  /** Only one row of the book is a tab stop; arrow keys lead to the others. */
  tabStop: boolean;
}

/** One level: memoised, so that a new book redraws only the levels that changed. */
export const OrderBookRow = memo(function OrderBookRow(row: OrderBookRowProps) {
  const { t } = useTranslation('trade');
  const { price, qty, cumulative, side, own } = row;
  const { priceDecimals, qtyDecimals, onPick } = row.format;
  return (
    <button
      type="button"
      data-row
      tabIndex={row.tabStop ? 0 : -1}
      onClick={(event) => onPick(price, cumulative, event.shiftKey)}
      className="relative grid h-(--row) w-full shrink-0 grid-cols-3 items-center overflow-hidden px-3 text-right font-mono num text-12 tracking-tight hover:bg-raised focus-visible:-outline-offset-2"
    >
      <span
        aria-hidden
        className={cn(
          'absolute inset-x-0 inset-y-px origin-right',
          side === 'bid' ? 'bg-buy/13' : 'bg-sell/13',
        )}
        style={{ transform: `scaleX(${row.depth})` }}
      />
      <span className={cn('relative text-left', side === 'bid' ? 'text-buy' : 'text-sell')}>
        {own && (
          <span
            aria-hidden
            className="absolute top-1/2 -left-2 size-1.5 -translate-y-1/2 rounded-full bg-brand"
          />
        )}
        <span className="sr-only">{t(`book.${side}`)}</span>{' '}
        {formatDecimal(price, { decimals: priceDecimals })}
      </span>{' '}
      <span className="relative text-normal">{formatDecimal(qty, { decimals: qtyDecimals })}</span>{' '}
      <span className="relative text-quiet">{formatDecimal(cumulative, { decimals: qtyDecimals })}</span>
      {own && <span className="sr-only">{t('book.ownRow')}</span>}
    </button>
  );
});
