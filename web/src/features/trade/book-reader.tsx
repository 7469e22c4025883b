import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Book, Market } from '@/api/types';
import { formatDecimal } from '@/lib/format';
import { realOf } from '@/lib/paper';
import { summariseBook } from './book-summary';

function useSummaryText(market: Market): (book: Book) => string {
  const { t } = useTranslation('trade');
  return (book) => {
    const summary = summariseBook(book);
    if (summary === null) return t('book.summaryEmpty');
    const price = (value: string) => formatDecimal(value, { decimals: market.price_decimals });
    const { bid, ask, bidQty, askQty, bidTotal, askTotal, spread, spreadPercent, levels } = summary;
    return t('book.summary', {
      bid: price(bid),
      ask: price(ask),
      bidQty: formatDecimal(bidQty),
      askQty: formatDecimal(askQty),
      bidTotal: formatDecimal(bidTotal),
      askTotal: formatDecimal(askTotal),
      spread: formatDecimal(spread),
      percent: spreadPercent,
      levels,
      base: realOf(market.base),
      quote: realOf(market.quote),
    });
  };
}

/**
 * The book in sentences for those who hear the page. It is told when asked for, by its button or the key R: a book
 * that changes many times a second would talk without end.
 */
export function BookReader({ book, market }: { book: Book; market: Market }) {
  const { t } = useTranslation('trade');
  const describe = useSummaryText(market);
  const [told, setTold] = useState('');
  return (
    <>
      <button
        type="button"
        aria-keyshortcuts="r"
        onClick={() => setTold(describe(book))}
        className="sr-only focus-visible:not-sr-only focus-visible:px-3 focus-visible:py-1 focus-visible:text-left focus-visible:text-12"
      >
        {t('book.read')}
      </button>
      <p aria-live="polite" className="sr-only" data-testid="book-summary">
        {told}
      </p>
    </>
  );
}
