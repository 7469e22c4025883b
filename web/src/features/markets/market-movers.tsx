import { TrendingDown, TrendingUp, type LucideIcon } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Market } from '@/api/types';
import { cn } from '@/lib/cn';
import { paths } from '@/lib/paths';
import { AssetIcon } from '@/ui/asset-icon';
import { Card } from '@/ui/card';
import { Skeleton } from '@/ui/skeleton';
import { MarketChange, MarketPrice } from './market-price';
import { pickMovers } from './movers';

const SHOWN = 3;

function Mover({ market }: { market: Market }) {
  return (
    <li>
      <Link
        to={paths.trade(market.symbol)}
        className="flex h-10 items-center gap-2 px-3 -outline-offset-2 transition-colors hover:bg-raised/60 md:px-4"
      >
        <AssetIcon symbol={market.base} size="sm" className="max-sm:hidden" />
        <span className="min-w-0 truncate font-medium text-strong">
          {market.base}
          <span className="font-normal text-quiet max-sm:hidden">/{market.quote}</span>
        </span>{' '}
        <MarketPrice market={market} className="ml-auto text-normal max-sm:hidden" />{' '}
        <MarketChange market={market} className="min-w-18 text-13 max-sm:ml-auto" />
      </Link>
    </li>
  );
}

interface ListProps {
  title: string;
  icon: LucideIcon;
  tone: string;
  markets: readonly Market[] | undefined;
}

/** As tall empty as full, so that the table below never moves. */
function MoverList({ title, icon: Icon, tone, markets }: ListProps) {
  const { t } = useTranslation('markets');
  return (
    <Card className="min-h-41 overflow-hidden pb-1">
      <h2 className="flex h-10 items-center gap-2 px-3 text-13 font-semibold md:px-4">
        <Icon className={cn('size-4 shrink-0', tone)} aria-hidden />
        <span className="truncate">{title}</span>
        <span className="ml-auto text-12 font-normal text-quiet">{t('moversSpan')}</span>
      </h2>
      {markets === undefined ? (
        <div className="grid gap-4 px-4 pt-2">
          {Array.from({ length: SHOWN }, (_, row) => (
            <Skeleton key={row} className="h-5" />
          ))}
        </div>
      ) : markets.length === 0 ? (
        <p className="px-4 py-2 text-13 text-quiet">{t('noMovers')}</p>
      ) : (
        <ul>
          {markets.map((market) => (
            <Mover key={market.symbol} market={market} />
          ))}
        </ul>
      )}
    </Card>
  );
}

/** The three largest gains and losses of the day. They are picked when the list is fetched; their figures are live. */
export function MarketMovers({ markets, quote }: { markets: readonly Market[] | undefined; quote: string }) {
  const { t } = useTranslation('markets');
  const movers = useMemo(() => markets && pickMovers(markets, quote, SHOWN), [markets, quote]);
  return (
    <div className="grid grid-cols-2 gap-3 md:gap-4">
      <MoverList title={t('gainers')} icon={TrendingUp} tone="text-buy" markets={movers?.gainers} />
      <MoverList title={t('losers')} icon={TrendingDown} tone="text-sell" markets={movers?.losers} />
    </div>
  );
}
