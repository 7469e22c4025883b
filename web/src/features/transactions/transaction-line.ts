import { ArrowDownLeft, ArrowUpRight, Percent, Repeat2, Scale, type LucideIcon } from 'lucide-react';
import type { Transaction, TransactionType } from '@/api/types';
import { sign } from '@/lib/decimal';
import type { Tone } from '@/ui/badge';

interface TypeLook {
  icon: LucideIcon;
  tone: Tone;
}

export const TYPE_LOOKS: Record<TransactionType, TypeLook> = {
  deposit: { icon: ArrowDownLeft, tone: 'brand' },
  withdrawal: { icon: ArrowUpRight, tone: 'neutral' },
  trade_buy: { icon: Repeat2, tone: 'buy' },
  trade_sell: { icon: Repeat2, tone: 'sell' },
  transfer_in: { icon: ArrowDownLeft, tone: 'neutral' },
  transfer_out: { icon: ArrowUpRight, tone: 'neutral' },
  adjustment: { icon: Scale, tone: 'warn' },
  fee: { icon: Percent, tone: 'neutral' },
};

export const TRANSACTION_TYPES = Object.keys(TYPE_LOOKS) as TransactionType[];

/** Both sides of a movement, what came first: a purchase brings base and takes quote. */
export function legs(transaction: Transaction): { asset: string; amount: string }[] {
  const main = { asset: transaction.asset, amount: transaction.amount };
  if (transaction.quote_asset === null || transaction.quote_amount === null) return [main];
  const other = { asset: transaction.quote_asset, amount: transaction.quote_amount };
  return sign(main.amount) >= 0 ? [main, other] : [other, main];
}
