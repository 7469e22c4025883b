import { useTranslation } from 'react-i18next';
import type { Candle, Market } from '@/api/types';
import { cn } from '@/lib/cn';
import { compare, div, isZero, mul, sub } from '@/lib/decimal';
import { formatCompact, formatDecimal, formatPercent } from '@/lib/format';

/** Open, high, low, close and volume of the candle under the pointer, or of the last one, and if it is not of own trades. */
export function CandleLegend({ candle, market }: { candle: Candle; market: Market }) {
  const { t } = useTranslation('trade');
  const price = (value: string) => formatDecimal(value, { decimals: market.price_decimals });
  const tone = compare(candle.close, candle.open) >= 0 ? 'text-buy' : 'text-sell';
  const move = isZero(candle.open) ? '0' : div(mul(sub(candle.close, candle.open), '100'), candle.open, 4);
  const parts = [
    [t('chart.open'), price(candle.open)],
    [t('chart.high'), price(candle.high)],
    [t('chart.low'), price(candle.low)],
    [t('chart.close'), price(candle.close)],
  ] as const;
  return (
    <dl className="pointer-events-none absolute top-1.5 right-20 left-3 z-10 flex flex-wrap gap-x-3 num text-12 text-quiet">
      {parts.map(([name, value]) => (
        <div key={name} className="flex gap-1">
          <dt>{name}</dt>
          <dd className={tone}>{value}</dd>
        </div>
      ))}
      <div className="flex gap-1">
        <dt className="sr-only">%</dt>
        <dd className={tone}>{formatPercent(move)}</dd>
      </div>
      <div className={cn('flex gap-1', isZero(candle.volume) && 'hidden')}>
        <dt>{t('chart.volume')}</dt>
        <dd className="text-normal">{formatCompact(candle.volume)}</dd>
      </div>
      {candle.source === 'reference' && (
        <div>
          <dt className="sr-only">{t('source.name')}</dt>
          <dd>{t('source.reference')}</dd>
        </div>
      )}
    </dl>
  );
}
