import { useTranslation } from 'react-i18next';
import type { Transaction } from '@/api/types';
import { formatDateTime } from '@/lib/dates';
import { isZero } from '@/lib/decimal';
import { formatAmount, formatDecimal, NO_VALUE, priceDecimals } from '@/lib/format';
import { Table, Td, TdNum, Th, Tr } from '@/ui/table';
import { legs } from './transaction-line';
import { TypeMark } from './type-mark';

function Row({ transaction }: { transaction: Transaction }) {
  const { t, i18n } = useTranslation('transactions');
  const [first, second] = legs(transaction);
  const { price, fee, fee_asset: feeAsset, market } = transaction;
  const when = formatDateTime(transaction.created_at, i18n.language);
  return (
    <Tr>
      <Td>
        <span className="flex items-center gap-3">
          <TypeMark type={transaction.type} />
          <span className="grid">
            <span className="font-medium text-strong">{t(`type.${transaction.type}`)}</span>
            <span className="text-12 text-quiet">
              <span className="md:hidden">{when}</span>
              <span className="hidden md:inline">{market ?? transaction.asset}</span>
            </span>
          </span>
        </span>
      </Td>
      <Td className="hidden text-quiet md:table-cell">
        <time dateTime={transaction.created_at}>{when}</time>
      </Td>
      <TdNum className="hidden lg:table-cell">
        {price === null ? NO_VALUE : formatDecimal(price, { minDecimals: priceDecimals(price) })}
      </TdNum>
      <TdNum className="hidden text-quiet md:table-cell">
        {fee === null || isZero(fee) ? NO_VALUE : formatAmount(fee, feeAsset ?? undefined)}
      </TdNum>
      <TdNum>
        {formatAmount(first?.amount, first?.asset, { sign: 'always' })}
        {second !== undefined && (
          <span className="block text-12 text-quiet">{formatAmount(second.amount, second.asset)}</span>
        )}
      </TdNum>
    </Tr>
  );
}

export function TransactionsTable({ items }: { items: Transaction[] }) {
  const { t } = useTranslation('transactions');
  return (
    <Table>
      <thead>
        <tr>
          <Th>{t('kind')}</Th>
          <Th className="hidden md:table-cell">{t('date')}</Th>
          <Th className="hidden text-right lg:table-cell">{t('price')}</Th>
          <Th className="hidden text-right md:table-cell">{t('fee')}</Th>
          <Th className="text-right">{t('amount')}</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((transaction) => (
          <Row key={transaction.id} transaction={transaction} />
        ))}
      </tbody>
    </Table>
  );
}
