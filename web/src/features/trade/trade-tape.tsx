import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market, PublicTrade } from '@/api/types';
import { cn } from '@/lib/cn';
import { formatTime } from '@/lib/dates';
import { formatDecimal } from '@/lib/format';
import { useTrades } from '@/stream/use-live';
import { EmptyState } from '@/ui/empty-state';

const SHOWN = 60;

interface TapeRowProps {
  trade: PublicTrade;
  priceDecimals: number;
  qtyDecimals: number;
}

const TapeRow = memo(function TapeRow({ trade, priceDecimals, qtyDecimals }: TapeRowProps) {
  const { t, i18n } = useTranslation('trade');
  const rose = trade.taker_side === 'buy';
  return (
    <tr className="h-5 font-mono num text-12 tracking-tight">
      <td className={cn('pl-3', rose ? 'text-buy' : 'text-sell')}>
        <span className="sr-only">{t(rose ? 'tape.buy' : 'tape.sell')} </span>
        {formatDecimal(trade.price, { decimals: priceDecimals })}
      </td>
      <td className="text-right text-normal">{formatDecimal(trade.qty, { decimals: qtyDecimals })}</td>
      <td className="pr-3 text-right text-quiet">{formatTime(trade.at, i18n.language)}</td>
    </tr>
  );
});

/** Trades of everybody as they happen, newest first. */
export function TradeTape({ market }: { market: Market }) {
  const { t } = useTranslation('trade');
  const trades = useTrades(market.symbol);
  if (trades.length === 0) return <EmptyState title={t('tape.empty')} text={t('tape.emptyText')} />;
  return (
    <div className="h-full overflow-y-auto" tabIndex={0} role="region" aria-label={t('tape.title')}>
      <table className="w-full" data-testid="trade-tape">
        <thead className="sticky top-0 z-10 bg-panel">
          <tr className="h-7 text-12 text-quiet [&>th]:font-normal">
            <th scope="col" className="pl-3 text-left">
              {t('tape.price')}
            </th>
            <th scope="col" className="text-right">
              {t('tape.amount')}
            </th>
            <th scope="col" className="pr-3 text-right">
              {t('tape.time')}
            </th>
          </tr>
        </thead>
        <tbody>
          {trades.slice(0, SHOWN).map((trade) => (
            <TapeRow
              key={trade.trade_id}
              trade={trade}
              priceDecimals={market.price_decimals}
              qtyDecimals={market.qty_decimals}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
