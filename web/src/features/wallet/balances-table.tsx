import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { isZero } from '@/lib/decimal';
import { formatAmount, formatUsd, formatUsdPrice } from '@/lib/format';
import { paths } from '@/lib/paths';
import { Amount } from '@/ui/amount';
import { AssetIcon } from '@/ui/asset-icon';
import { Button } from '@/ui/button';
import { NumberCell } from '@/ui/number-cell';
import { Table, Td, TdNum, Th, Tr } from '@/ui/table';
import { Term } from '@/ui/tooltip';
import type { BalanceRow } from './balance-rows';

interface BalancesTableProps {
  rows: BalanceRow[];
  /** The market where an asset is traded; null where there is none. */
  marketOf: (asset: string) => string | null;
}

function Row({ row, market }: { row: BalanceRow; market: string | null }) {
  const { t } = useTranslation('wallet');
  return (
    <Tr>
      <Td>
        <span className="flex items-center gap-3">
          <AssetIcon symbol={row.asset} />
          <span className="grid">
            <span className="font-medium text-strong">{row.asset}</span>
            <span className="text-12 text-quiet">{row.name}</span>
          </span>
        </span>
      </Td>
      <TdNum className="sm:hidden">
        {formatAmount(row.available)}
        <span className="block text-12 text-quiet">{formatUsd(row.value)}</span>
        {!isZero(row.held) && (
          <span className="block text-12 text-quiet">
            {t('heldShort', { amount: formatAmount(row.held) })}
          </span>
        )}
      </TdNum>
      <TdNum className="hidden sm:table-cell">
        <Amount value={row.available} />
        {!isZero(row.held) && (
          <span className="block text-12 text-quiet md:hidden">
            {t('heldShort', { amount: formatAmount(row.held) })}
          </span>
        )}
      </TdNum>
      <TdNum className="hidden md:table-cell">
        <Amount value={row.held} />
      </TdNum>
      <TdNum className="hidden lg:table-cell">
        <NumberCell text={formatUsdPrice(row.price_usd)} />
      </TdNum>
      <TdNum className="hidden font-medium sm:table-cell">
        <NumberCell text={formatUsd(row.value)} />
      </TdNum>
      <Td className="hidden text-right sm:table-cell">
        {market !== null && (
          <Button asChild variant="secondary" size="sm">
            <Link to={paths.trade(market)} aria-label={t('tradeLabel', { asset: row.asset })}>
              {t('trade')}
            </Link>
          </Button>
        )}
      </Td>
    </Tr>
  );
}

export function BalancesTable({ rows, marketOf }: BalancesTableProps) {
  const { t } = useTranslation('wallet');
  return (
    <Table>
      <thead>
        <tr>
          <Th>{t('asset')}</Th>
          <Th className="text-right">{t('available')}</Th>
          <Th className="hidden text-right md:table-cell">
            <Term content={t('heldText')}>{t('held')}</Term>
          </Th>
          <Th className="hidden text-right lg:table-cell">{t('price')}</Th>
          <Th className="hidden text-right sm:table-cell">{t('value')}</Th>
          <Th className="hidden sm:table-cell">
            <span className="sr-only">{t('actions')}</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.asset} row={row} market={marketOf(row.asset)} />
        ))}
      </tbody>
    </Table>
  );
}
