import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { mul } from '@/lib/decimal';
import { formatDecimal, NO_VALUE } from '@/lib/format';
import { formatQuote } from './ticket-sentence';
import type { TicketMarket, TicketSummary } from './types';

function Line({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-2">
      <dt className="text-quiet">{name}</dt>
      <dd className="truncate num text-normal">{children}</dd>
    </div>
  );
}

/** What the order would cost, live; lines are always there, so that nothing shifts while typing. */
export function TicketPreview({ summary, market }: { summary: TicketSummary; market: TicketMarket }) {
  const { t } = useTranslation('trade');
  const { fee, feeAsset, feeRate, average, slippage, total } = summary;
  const feeText = feeAsset === market.base ? formatDecimal(fee) : formatQuote(fee);
  return (
    <dl className="grid gap-1 text-12">
      <Line name={t('ticket.average')}>
        {average === null ? NO_VALUE : formatDecimal(average, { decimals: market.price_decimals })}
        {slippage !== null && slippage !== '0' && (
          <span className="text-quiet"> · {t('ticket.slippage', { percent: slippage })}</span>
        )}
      </Line>
      <Line name={`${t('ticket.fee')} ${t('ticket.feeRate', { rate: mul(feeRate, '100') })}`}>
        {fee === null ? NO_VALUE : `${feeText} ${feeAsset}`}
      </Line>
      <Line name={t('ticket.sumTotal')}>
        {total === null ? NO_VALUE : `${formatQuote(total)} ${market.quote}`}
      </Line>
    </dl>
  );
}
