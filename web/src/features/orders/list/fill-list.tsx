import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { transactionsQuery } from '@/api/transactions';
import { formatDateTime } from '@/lib/dates';
import { formatDecimal } from '@/lib/format';
import { usePaperMode } from '@/lib/paper';
import { useMedia } from '@/lib/use-media';
import { useFreshFills } from '@/stream/use-live';
import { Table, Td, TdNum, Tr } from '@/ui/table';
import { mergeFills, type FillRow } from './fill-rows';
import { FillCards } from './closed-cards';
import { ListHead } from './list-head';
import { ListState } from './list-state';
import { formatPrice, formatQty, SideText, type Precision } from './order-cells';

const COLUMNS = ['time', 'market', 'side', 'role', 'price', 'amount', 'total', 'fee'] as const;

/** The newest hundred of each side; the whole past is on the statement page. */
const LIMIT = 100;

function useFills(market: string | undefined) {
  const paper = usePaperMode();
  const bought = useInfiniteQuery(transactionsQuery({ type: 'trade_buy', paper }, LIMIT));
  const sold = useInfiniteQuery(transactionsQuery({ type: 'trade_sell', paper }, LIMIT));
  const live = useFreshFills();
  const fills = useMemo(() => {
    if (bought.data === undefined || sold.data === undefined) return undefined;
    const lines = [...bought.data.pages, ...sold.data.pages].flatMap((page) => page.items);
    return mergeFills(lines, live, market);
  }, [bought.data, sold.data, live, market]);
  const refetch = () => void Promise.all([bought.refetch(), sold.refetch()]);
  return { fills, error: bought.error ?? sold.error, refetch };
}

function FillLine({ fill, precision }: { fill: FillRow; precision: Precision }) {
  const { t, i18n } = useTranslation('trade');
  return (
    <Tr className="[&>td]:h-9">
      <Td className="num text-quiet">{formatDateTime(fill.at, i18n.language)}</Td>
      <Td className="font-medium text-strong">{fill.market}</Td>
      <Td>
        <SideText side={fill.side} />
      </Td>
      <Td className="text-quiet">{fill.role === null ? '–' : t(`orders.roles.${fill.role}`)}</Td>
      <TdNum>{formatPrice(fill.price, fill.market, precision)}</TdNum>
      <TdNum>{formatQty(fill.qty, fill.market, precision)}</TdNum>
      <TdNum className="text-normal">{formatDecimal(fill.total, { decimals: 2 })}</TdNum>
      <TdNum className="text-normal">
        {formatDecimal(fill.fee)} {fill.feeAsset}
      </TdNum>
    </Tr>
  );
}

/** Every trade of the user's, newest first. */
export function FillList({ market, precision }: { market: string | undefined; precision: Precision }) {
  const { t } = useTranslation('trade');
  const { fills, error, refetch } = useFills(market);
  const wide = useMedia('(min-width: 768px)');
  const empty = { title: t('orders.emptyFills'), text: t('orders.emptyFillsText') };
  return (
    <ListState count={fills?.length} error={error} onRetry={refetch} empty={empty}>
      {wide ? (
        <Table className="text-13" data-testid="fills">
          <ListHead columns={COLUMNS} />
          <tbody>
            {fills?.map((fill) => (
              <FillLine key={fill.key} fill={fill} precision={precision} />
            ))}
          </tbody>
        </Table>
      ) : (
        <FillCards fills={fills ?? []} precision={precision} />
      )}
    </ListState>
  );
}
