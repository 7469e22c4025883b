import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { Market } from '@/api/types';
import { cn } from '@/lib/cn';
import { formatCompact, formatDecimal, NO_VALUE } from '@/lib/format';
import { Change } from '@/ui/change';
import { paths } from '@/lib/paths';
import { AssetIcon } from '@/ui/asset-icon';
import { Badge } from '@/ui/badge';
import { Sparkline } from '@/ui/sparkline';
import { Table, Td, TdNum, Th, Tr } from '@/ui/table';
import { FavouriteButton } from './favourite-button';
import { MarketChange, MarketPrice } from './market-price';
import { ownFigures, type Sort, type SortKey } from './market-rows';

interface HeadProps {
  column: SortKey;
  label: string;
  sort: Sort;
  onSort: (key: SortKey) => void;
  className?: string;
}

function SortableHead({ column, label, sort, onSort, className }: HeadProps) {
  const active = sort.key === column;
  const Arrow = sort.descending ? ArrowDown : ArrowUp;
  return (
    <Th
      aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : 'none'}
      className={cn('text-right', className)}
    >
      <button
        type="button"
        onClick={() => onSort(column)}
        className={cn(
          'inline-flex items-center gap-1 rounded-control hover:text-strong',
          active && 'text-strong',
        )}
      >
        {active && <Arrow className="size-3" aria-hidden />}
        {label}
      </button>
    </Th>
  );
}

/** `own` tells what was traded here in place of the coin's name, where there is no column for it. */
export function PairName({ market, own = false }: { market: Market; own?: boolean }) {
  const { t } = useTranslation('markets');
  const volume = own ? ownFigures(market)?.quote_volume_24h : undefined;
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <AssetIcon symbol={market.base} />
      <span className="grid min-w-0">
        <span className="flex items-center gap-2 font-medium text-strong">
          <span>
            {market.base}
            <span className="font-normal text-quiet">/{market.quote}</span>
          </span>
          {market.status !== 'open' && <Badge tone="warn">{t(market.status)}</Badge>}
        </span>
        <span className="truncate text-12 text-quiet">
          {volume == null ? market.base_name : t('ownShort', { volume: formatCompact(volume) })}
        </span>
      </span>
    </span>
  );
}

/** What was traded here in 24 hours, and at what price last. */
function OwnTrades({ market }: { market: Market }) {
  const { t } = useTranslation('markets');
  const own = ownFigures(market);
  if (own === null) return <span className="text-quiet">{NO_VALUE}</span>;
  const last = formatDecimal(own.last, { decimals: market.price_decimals });
  return (
    <span className="grid justify-items-end">
      <span className="text-normal">
        {formatCompact(own.quote_volume_24h)} <span className="text-12 text-quiet">{market.quote}</span>
      </span>
      <span className="flex items-baseline gap-2 text-12 text-quiet">
        {t('ownLast', { price: last })} <Change percent={own.change_24h} />
      </span>
    </span>
  );
}

const MarketRow = memo(function MarketRow({
  market,
  sparkline,
}: {
  market: Market;
  sparkline: string[] | undefined;
}) {
  const { t } = useTranslation('markets');
  const navigate = useNavigate();
  const target = paths.trade(market.symbol);
  return (
    <Tr className="cursor-pointer transition-colors hover:bg-raised/60" onClick={() => void navigate(target)}>
      <Td className="w-10 pr-0">
        <FavouriteButton pair={market.symbol} />
      </Td>
      <Td>
        <Link to={target} onClick={(event) => event.stopPropagation()} className="block rounded-control">
          <span className="sr-only">{t('trade')}</span> <PairName market={market} />
        </Link>
      </Td>
      <TdNum>
        <MarketPrice market={market} />
      </TdNum>
      <TdNum>
        <MarketChange market={market} className="min-w-20" />
      </TdNum>
      <TdNum className="text-normal">
        {formatCompact(market.ticker?.reference.quote_volume_24h)}{' '}
        <span className="text-12 text-quiet">{market.quote}</span>
      </TdNum>
      <TdNum>
        <OwnTrades market={market} />
      </TdNum>
      <Td className="hidden w-36 text-right lg:table-cell">
        <Sparkline values={sparkline ?? []} width={112} height={32} className="ml-auto" />
      </Td>
    </Tr>
  );
});

interface MarketsTableProps {
  markets: readonly Market[];
  sparklines: Record<string, string[]>;
  sort: Sort;
  onSort: (key: SortKey) => void;
}

export function MarketsTable({ markets, sparklines, sort, onSort }: MarketsTableProps) {
  const { t } = useTranslation('markets');
  const head = { sort, onSort };
  return (
    <Table>
      <thead>
        <tr>
          <Th className="pr-0">
            <span className="sr-only">{t('favourites')}</span>
          </Th>
          <SortableHead column="pair" label={t('pair')} className="text-left" {...head} />
          <SortableHead column="last" label={t('last')} {...head} />
          <SortableHead column="change" label={t('change')} {...head} />
          <SortableHead column="volume" label={t('volume')} {...head} />
          <SortableHead column="own" label={t('own')} {...head} />
          <Th className="hidden text-right lg:table-cell">{t('trend')}</Th>
        </tr>
      </thead>
      <tbody>
        {markets.map((market) => (
          <MarketRow key={market.symbol} market={market} sparkline={sparklines[market.base]} />
        ))}
      </tbody>
    </Table>
  );
}
