import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { feesQuery } from '@/api/fees';
import type { OrderPreview } from '@/api/types';
import { isZero, mul } from '@/lib/decimal';
import { formatDecimal, NO_VALUE } from '@/lib/format';
import { paths } from '@/lib/paths';
import { formatBalance } from '../balance';
import { formatQuote } from './ticket-sentence';
import type { TicketMarket, TicketSummary } from './types';

interface TicketPreviewProps {
  summary: TicketSummary;
  market: TicketMarket;
  /** What the exchange says; null while it has not, and the figures are reckoned from the visible book. */
  preview: OrderPreview | null;
}

function Line({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-2">
      <dt className="whitespace-nowrap text-quiet">{name}</dt>
      <dd className="truncate num text-normal">{children}</dd>
    </div>
  );
}

type Figures = Pick<TicketSummary, 'average' | 'slippage' | 'total' | 'fee' | 'feeAsset' | 'feeRate'>;

/** The exchange's own figures where something would trade at once; else what follows from the form. */
function pickFigures(summary: TicketSummary, preview: OrderPreview | null): Figures {
  if (preview === null || isZero(preview.filled_qty)) return summary;
  return {
    average: preview.average_price,
    slippage: preview.slippage_percent,
    // What stays open has its own price, which the exchange does not count in.
    total: isZero(preview.resting_qty) ? preview.total : summary.total,
    fee: preview.fee,
    feeAsset: preview.fee_asset,
    feeRate: preview.fee_rate,
  };
}

function After({ preview, market }: Pick<TicketPreviewProps, 'preview' | 'market'>) {
  const left = preview?.refusal == null ? preview?.balances : undefined;
  if (left === undefined) return NO_VALUE;
  return left
    .map(({ asset, available }) => `${formatBalance(available, asset, market)} ${asset}`)
    .join(' · ');
}

/** Which tier the rate comes from, where there are tiers; leads to all of them. */
function OwnTier() {
  const { t } = useTranslation('trade');
  const { data: fees } = useQuery(feesQuery);
  if (fees === undefined || fees.tiers.length === 0) return null;
  return (
    <Link to={paths.fees} className="underline decoration-quiet/60 decoration-dotted underline-offset-4">
      {t('ticket.tier', { tier: fees.tier + 1 })}
    </Link>
  );
}

/** What the order would cost, live; lines are always there, so that nothing shifts while typing. */
export function TicketPreview({ summary, market, preview }: TicketPreviewProps) {
  const { t } = useTranslation('trade');
  const { average, slippage, total, fee, feeAsset, feeRate } = pickFigures(summary, preview);
  const feeText = feeAsset === market.base ? formatDecimal(fee) : formatQuote(fee);
  return (
    <dl
      className="grid grid-cols-[minmax(0,1fr)] gap-1 text-12"
      data-testid="order-preview"
      data-from={preview ? 'exchange' : 'page'}
    >
      <Line name={t('ticket.average')}>
        {average === null ? NO_VALUE : formatDecimal(average, { decimals: market.price_decimals })}
        {slippage !== null && !isZero(slippage) && (
          <span className="text-quiet">
            {' '}
            · {t('ticket.slippage', { percent: formatDecimal(slippage, { maxDecimals: 2 }) })}
          </span>
        )}
      </Line>
      <Line
        name={
          <>
            {t('ticket.fee')} {t('ticket.feeRate', { rate: mul(feeRate, '100') })} <OwnTier />
          </>
        }
      >
        {fee === null ? NO_VALUE : `${feeText} ${feeAsset}`}
      </Line>
      <Line name={t('ticket.sumTotal')}>
        {total === null ? NO_VALUE : `${formatQuote(total)} ${market.quote}`}
      </Line>
      <Line name={t('ticket.after')}>
        <After preview={preview} market={market} />
      </Line>
    </dl>
  );
}
