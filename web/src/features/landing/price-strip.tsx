import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { marketsQuery, topCoinsQuery } from '@/api/markets';
import type { Market } from '@/api/types';
import { formatDecimal } from '@/lib/format';
import { paths } from '@/lib/paths';
import { usePrice } from '@/stream/use-live';
import { AssetIcon } from '@/ui/asset-icon';
import { Change } from '@/ui/change';
import { NumberCell } from '@/ui/number-cell';
import { Skeleton } from '@/ui/skeleton';
import { Sparkline } from '@/ui/sparkline';

const SHOWN = 6;

interface TileProps {
  market: Market;
  sparkline: string[];
}

function Tile({ market, sparkline }: TileProps) {
  const live = usePrice(market.symbol);
  const price = live?.last ?? market.ticker?.reference.last ?? null;
  return (
    <li className="bg-panel">
      <Link to={paths.trade(market.symbol)} className="grid gap-2 p-4 hover:bg-raised">
        <span className="flex items-center gap-2">
          <AssetIcon symbol={market.base} size="sm" />
          <span className="font-medium text-strong">{market.base}</span>
          <Sparkline values={sparkline} width={52} height={22} className="ml-auto" />
        </span>
        <span className="grid">
          <NumberCell
            className="text-16 font-medium text-strong"
            text={formatDecimal(price, { decimals: market.price_decimals })}
          />
          <Change
            percent={live?.change_24h ?? market.ticker?.reference.change_24h}
            className="justify-start text-13"
          />
        </span>
      </Link>
    </li>
  );
}

function Placeholder() {
  return (
    <li className="grid gap-3 bg-panel p-4">
      <Skeleton className="h-5 w-16" />
      <Skeleton className="h-10 w-24" />
    </li>
  );
}

/** The largest markets, live; each leads to its trading page. */
export function PriceStrip() {
  const { t } = useTranslation('landing');
  const { data: markets } = useQuery(marketsQuery);
  const { data: coins } = useQuery(topCoinsQuery(2 * SHOWN));
  const sparklines = new Map(coins?.map((coin) => [coin.symbol, coin.sparkline] as const));
  const shown = markets?.filter((market) => market.quote === 'USDT').slice(0, SHOWN);
  return (
    <ul
      aria-label={t('prices')}
      className="grid grid-cols-2 gap-px overflow-hidden rounded-panel border border-line bg-line md:grid-cols-3 xl:grid-cols-6"
    >
      {shown?.map((market) => (
        <Tile key={market.symbol} market={market} sparkline={sparklines.get(market.base) ?? []} />
      )) ?? Array.from({ length: SHOWN }, (_, index) => <Placeholder key={index} />)}
    </ul>
  );
}
