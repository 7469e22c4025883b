import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { feesQuery } from '@/api/fees';
import { cn } from '@/lib/cn';
import { compare, isZero, mul } from '@/lib/decimal';
import { formatDecimal, NO_VALUE } from '@/lib/format';
import { paths } from '@/lib/paths';
import { formatBalance } from '../balance';
import { pickFigures, type Figures, type ServerPreview } from './preview-figures';
import { formatQuote } from './ticket-sentence';
import type { TicketMarket, TicketSummary } from './types';

interface TicketPreviewProps {
  summary: TicketSummary;
  market: TicketMarket;
  /** What the exchange says; null while it has not, and the figures are reckoned from the visible book. */
  preview: ServerPreview | null;
}

function Line({ name, lines = 1, children }: { name: ReactNode; lines?: 1 | 2; children: ReactNode }) {
  return (
    <div className={cn('flex items-baseline justify-between gap-2', lines === 2 && 'min-h-[2lh]')}>
      <dt className="whitespace-nowrap text-quiet">{name}</dt>
      <dd className="min-w-0 text-right num text-normal">{children}</dd>
    </div>
  );
}

function After({ preview, market }: Pick<TicketPreviewProps, 'preview' | 'market'>) {
  const left = preview?.refusal == null ? preview?.balances : undefined;
  if (left === undefined) return NO_VALUE;
  return left.map(({ asset, available }) => (
    <span key={asset} className="block whitespace-nowrap">
      {formatBalance(available, asset, market)} {asset}
    </span>
  ));
}

/** What is set aside, without its amount where that is the order's total. */
function Held({
  holds,
  total,
  market,
}: Pick<Figures, 'holds' | 'total'> & Pick<TicketPreviewProps, 'market'>) {
  const { t } = useTranslation('trade');
  const [first, ...others] = holds;
  if (first === undefined) return null;
  const whole =
    others.length === 0 &&
    first.asset === market.quote &&
    total !== null &&
    compare(first.amount, total) === 0;
  const amounts = holds.map(({ asset, amount }) => `${formatBalance(amount, asset, market)} ${asset}`);
  return (
    <span className="text-quiet">
      {' '}
      ·{' '}
      <span className="whitespace-nowrap">
        {whole ? t('ticket.allHeld') : t('ticket.held', { amount: amounts.join(' + ') })}
      </span>
    </span>
  );
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

/** Now and for the rest, or the one or the other: rates and amounts in the same order. */
function feeTexts({ fees, either, feeAsset }: Figures, { base }: TicketMarket) {
  const [by, format] = [either ? ' / ' : ' + ', feeAsset === base ? formatDecimal : formatQuote];
  const amounts = fees.map(({ amount }) => format(amount)).join(by);
  return { rates: fees.map(({ rate }) => mul(rate, '100')), by, amounts: `${amounts} ${feeAsset}` };
}

function FeeLine({ figures, market, known }: { figures: Figures; market: TicketMarket; known: boolean }) {
  const { t } = useTranslation('trade');
  const { rates, by, amounts } = feeTexts(figures, market);
  const name = (
    <>
      {t('ticket.fee')} {rates.map((rate) => t('ticket.feeRate', { rate })).join(by)} <OwnTier />
    </>
  );
  const hint = figures.either ? t('ticket.feeEither') : t('ticket.feeRest');
  return (
    <Line name={name}>
      <span title={rates.length > 1 ? hint : undefined}>{known ? amounts : NO_VALUE}</span>
    </Line>
  );
}

/** What the order would cost, live; lines are always there, so that nothing shifts while typing. */
export function TicketPreview({ summary, market, preview }: TicketPreviewProps) {
  const { t } = useTranslation('trade');
  const figures = pickFigures(summary, preview);
  const { average, slippage, total, holds } = figures;
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
      <FeeLine figures={figures} market={market} known={summary.fee !== null} />
      <Line name={t('ticket.sumTotal')}>
        {total === null ? NO_VALUE : `${formatQuote(total)} ${market.quote}`}
        <Held holds={holds} total={total} market={market} />
      </Line>
      <Line name={t('ticket.after')} lines={2}>
        <After preview={preview} market={market} />
      </Line>
    </dl>
  );
}
