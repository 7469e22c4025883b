import type { TicketMarket, TicketSummary } from './types';
import { formatDecimal } from '@/lib/format';

/** A text of the `trade` namespace with its values, so that the sentence exists in every language. */
export interface Sentence {
  key:
    | 'sentence.buyLimit'
    | 'sentence.sellLimit'
    | 'sentence.buyMarket'
    | 'sentence.buyMarketTotal'
    | 'sentence.sellMarket';
  values: Record<'amount' | 'base' | 'total' | 'quote' | 'fee' | 'feeAsset', string>;
}

/** Quote amounts read as money: two decimals, more only where two would say nothing. */
export function formatQuote(amount: string | null): string {
  const money = formatDecimal(amount, { decimals: 2 });
  return /[1-9]/.test(money) ? money : formatDecimal(amount);
}

/** What pressing the button does, in one plain sentence; null while that cannot be told. */
export function describeOrder({ base, quote }: TicketMarket, summary: TicketSummary): Sentence | null {
  const { request, qty, total, fee, feeAsset } = summary;
  if (request === null) return null;
  const kind = `${request.side}${request.type === 'limit' ? 'Limit' : 'Market'}` as const;
  return {
    key: request.total === undefined ? `sentence.${kind}` : 'sentence.buyMarketTotal',
    values: {
      amount: formatDecimal(qty),
      base,
      total: formatQuote(total),
      quote,
      fee: feeAsset === base ? formatDecimal(fee) : formatQuote(fee),
      feeAsset,
    },
  };
}
