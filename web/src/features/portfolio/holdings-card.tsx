import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMarketOf } from '@/api/markets';
import type { Holding } from '@/api/types';
import { cn } from '@/lib/cn';
import { compare, sign } from '@/lib/decimal';
import { formatAmount, formatUsd, formatUsdPrice } from '@/lib/format';
import { paths } from '@/lib/paths';
import { usePreferences } from '@/lib/preferences';
import { usePrice } from '@/stream/use-live';
import { Amount } from '@/ui/amount';
import { AssetIcon } from '@/ui/asset-icon';
import { Card, CardHead } from '@/ui/card';
import { Change } from '@/ui/change';
import { NumberCell } from '@/ui/number-cell';
import { Table, Td, TdNum, Th, Tr } from '@/ui/table';
import { Term } from '@/ui/tooltip';
import { HIDDEN } from './value-card';

interface RowProps {
  holding: Holding;
  market: string | null;
  hidden: boolean;
}

function Gain({ usd, hidden }: { usd: string | null; hidden: boolean }) {
  const direction = usd === null ? 0 : sign(usd);
  return (
    <span className={cn(direction > 0 && 'text-buy', direction < 0 && 'text-sell')}>
      {hidden ? HIDDEN : formatUsd(usd, { sign: 'always' })}
    </span>
  );
}

function AssetName({ holding, market }: Omit<RowProps, 'hidden'>) {
  const name = (
    <span className="flex items-center gap-3">
      <AssetIcon symbol={holding.asset} />
      <span className="grid">
        <span className="font-medium text-strong group-hover:text-brand">{holding.asset}</span>
        <span className="text-12 text-quiet">{holding.name}</span>
      </span>
    </span>
  );
  if (market === null) return name;
  return (
    <Link to={paths.trade(market)} className="group block rounded-control">
      {name}
    </Link>
  );
}

function HoldingRow({ holding, market, hidden }: RowProps) {
  const live = usePrice(market ?? '');
  return (
    <Tr>
      <Td>
        <AssetName holding={holding} market={market} />
      </Td>
      <TdNum className="hidden md:table-cell">{hidden ? HIDDEN : <Amount value={holding.amount} />}</TdNum>
      <TdNum className="hidden sm:table-cell">
        <NumberCell text={formatUsdPrice(holding.price_usd)} />
      </TdNum>
      <TdNum>
        <Change percent={live?.change_24h ?? holding.change_24h} />
      </TdNum>
      <TdNum className="hidden lg:table-cell">{formatUsdPrice(holding.average_cost)}</TdNum>
      <TdNum className="hidden md:table-cell">
        <Gain usd={holding.unrealized_pnl} hidden={hidden} />
      </TdNum>
      <TdNum className="font-medium">
        {hidden ? HIDDEN : <NumberCell text={formatUsd(holding.value_usd)} />}
        {!hidden && (
          <span className="block text-12 font-normal text-quiet md:hidden">
            {formatAmount(holding.amount)}
          </span>
        )}
      </TdNum>
    </Tr>
  );
}

export function HoldingsCard({ holdings }: { holdings: Holding[] }) {
  const { t } = useTranslation('portfolio');
  const hidden = usePreferences((preferences) => preferences.hideAmounts);
  const marketOf = useMarketOf();
  const sorted = [...holdings].sort((a, b) => compare(b.value_usd ?? '0', a.value_usd ?? '0'));
  return (
    <Card>
      <CardHead title={t('holdings')} />
      <Table>
        <thead>
          <tr>
            <Th>{t('asset')}</Th>
            <Th className="hidden text-right md:table-cell">{t('amount')}</Th>
            <Th className="hidden text-right sm:table-cell">{t('price')}</Th>
            <Th className="text-right">{t('change24h')}</Th>
            <Th className="hidden text-right lg:table-cell">
              <Term content={t('averageCostText')}>{t('averageCost')}</Term>
            </Th>
            <Th className="hidden text-right md:table-cell">
              <Term content={t('unrealizedText')}>{t('unrealized')}</Term>
            </Th>
            <Th className="text-right">{t('value')}</Th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((holding) => (
            <HoldingRow
              key={holding.asset}
              holding={holding}
              market={marketOf(holding.asset)}
              hidden={hidden}
            />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
