import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Market } from '@/api/types';
import { formatDecimal } from '@/lib/format';
import { paths } from '@/lib/paths';
import { usePrice } from '@/stream/use-live';
import { Table, Td, TdNum, Th, Tr } from '@/ui/table';
import { Term } from '@/ui/tooltip';
import { ListState } from '../list/list-state';
import { formatPrice, type Precision } from '../list/order-cells';
import { Gain } from './gain';
import { valuePosition, type Position } from './positions';
import { usePositions } from './use-positions';

interface RowProps {
  position: Position;
  market: Market | undefined;
  precision: Precision;
}

const PositionRow = memo(function PositionRow({ position, market, precision }: RowProps) {
  const price = usePrice(position.market)?.last ?? market?.ticker?.reference.last ?? null;
  const { averageCost, value, unrealised, unrealisedPercent } = valuePosition(position, price);
  const [base = '', quote = ''] = position.market.split('-');
  return (
    <Tr className="[&>td]:h-9">
      <Td className="font-medium text-strong">
        <Link to={paths.trade(position.market)} className="hover:underline">
          {position.market}
        </Link>
      </Td>
      <TdNum>
        {formatDecimal(position.qty, { maxDecimals: 8 })} <span className="text-quiet">{base}</span>
      </TdNum>
      <TdNum>{formatPrice(averageCost, position.market, precision)}</TdNum>
      <TdNum>{formatPrice(price, position.market, precision)}</TdNum>
      <TdNum className="text-normal">{formatDecimal(value, { decimals: 2 })}</TdNum>
      <TdNum>
        <Gain amount={unrealised} percent={unrealisedPercent} />
      </TdNum>
      <TdNum>
        <Gain amount={position.realised} /> <span className="text-12 text-quiet">{quote}</span>
      </TdNum>
    </Tr>
  );
});

interface PositionListProps {
  markets: readonly Market[];
  /** Only this market, or undefined for all. */
  only: string | undefined;
  precision: Precision;
}

/** What trading has left behind in each market, with its gains. */
export function PositionList({ markets, only, precision }: PositionListProps) {
  const { t } = useTranslation('trade');
  const { positions, complete, error, refetch } = usePositions();
  const shown = positions?.filter(({ market }) => only === undefined || market === only);
  const empty = { title: t('positions.empty'), text: t('positions.emptyText') };
  return (
    <ListState count={shown?.length} error={error} onRetry={() => void refetch()} empty={empty}>
      <Table className="text-13" data-testid="positions">
        <thead>
          <tr>
            <Th>{t('orders.market')}</Th>
            <Th className="text-right">{t('positions.position')}</Th>
            <Th className="text-right">
              <Term content={t('positions.averageHint')}>{t('positions.average')}</Term>
            </Th>
            <Th className="text-right">{t('positions.price')}</Th>
            <Th className="text-right">{t('positions.value')}</Th>
            <Th className="text-right">{t('positions.unrealised')}</Th>
            <Th className="text-right">
              <Term content={t('positions.realisedHint')}>{t('positions.realised')}</Term>
            </Th>
          </tr>
        </thead>
        <tbody>
          {shown?.map((position) => (
            <PositionRow
              key={position.market}
              position={position}
              market={markets.find(({ symbol }) => symbol === position.market)}
              precision={precision}
            />
          ))}
        </tbody>
      </Table>
      {!complete && <p className="px-4 py-2 text-12 text-quiet">{t('positions.partial')}</p>}
    </ListState>
  );
}
