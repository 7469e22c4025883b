import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Market } from '@/api/types';
import { formatCompact } from '@/lib/format';
import { paths } from '@/lib/paths';
import { Sparkline } from '@/ui/sparkline';
import { FavouriteButton } from './favourite-button';
import { MarketChange, MarketPrice } from './market-price';
import { PairName } from './markets-table';

const MarketCard = memo(function MarketCard({
  market,
  sparkline,
}: {
  market: Market;
  sparkline: string[] | undefined;
}) {
  const { t } = useTranslation('markets');
  return (
    <li className="flex items-center gap-1 pl-1.5">
      <FavouriteButton pair={market.symbol} />
      <Link
        to={paths.trade(market.symbol)}
        className="grid h-16 min-w-0 flex-1 grid-cols-[minmax(0,1fr)_auto_minmax(5.5rem,auto)] items-center gap-3 pr-4 active:bg-raised"
      >
        <span className="flex min-w-0">
          <span className="sr-only">{t('trade')}</span> <PairName market={market} own />
        </span>
        <Sparkline values={sparkline ?? []} width={56} height={26} />
        <span className="grid justify-items-end gap-0.5">
          <MarketPrice market={market} className="text-14 font-medium text-strong" />
          <span className="flex items-center gap-2 text-12">
            <span className="hidden num text-quiet min-[420px]:inline">
              {formatCompact(market.ticker?.reference.quote_volume_24h)}
            </span>
            <MarketChange market={market} />
          </span>
        </span>
      </Link>
    </li>
  );
});

interface MarketCardsProps {
  markets: readonly Market[];
  sparklines: Record<string, string[]>;
}

/** Markets on a phone: one line each, the whole line leads to trading. */
export function MarketCards({ markets, sparklines }: MarketCardsProps) {
  return (
    <ul className="divide-y divide-line">
      {markets.map((market) => (
        <MarketCard key={market.symbol} market={market} sparkline={sparklines[market.base]} />
      ))}
    </ul>
  );
}
