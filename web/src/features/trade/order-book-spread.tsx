import { useTranslation } from 'react-i18next';
import type { Market } from '@/api/types';
import { formatDecimal, NO_VALUE } from '@/lib/format';
import { NumberCell } from '@/ui/number-cell';
import type { BookView } from './book-rows';

/** The row between the sides: mid price, and how far the sides are apart. */
export function OrderBookSpread({ view, market }: { view: BookView; market: Market }) {
  const { t } = useTranslation('trade');
  return (
    <div className="flex h-(--middle) shrink-0 items-baseline justify-between gap-2 border-y border-line bg-raised/50 px-3 num leading-(--middle)">
      <span title={t('book.mid')}>
        <span className="sr-only">{t('book.mid')} </span>
        <NumberCell
          className="font-mono text-16 font-semibold tracking-tight text-strong"
          text={formatDecimal(view.mid, { decimals: market.price_decimals })}
        />
      </span>
      <span className="truncate text-12 text-quiet">
        {t('book.spread')} <span className="font-mono text-normal">{formatDecimal(view.spread)}</span>{' '}
        {view.spreadPercent === null ? NO_VALUE : `${view.spreadPercent}%`}
      </span>
    </div>
  );
}
