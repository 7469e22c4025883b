import type { Paper } from '@/api/types';
import { add, mul, sub, sum } from '@/lib/decimal';
import { isPaper, realOf } from '@/lib/paper';
import type { BalanceMessage } from '@/stream/messages';

export interface LiveValue {
  total: string;
  profit: string;
}

/** What play money would be worth now: the newest balances at the newest prices of what they are paper of. Pure. */
export function calculateLiveValue(
  paper: Pick<Paper, 'items' | 'seq' | 'start_amount'>,
  live: Record<string, BalanceMessage>,
  priceOf: (asset: string) => string | null,
): LiveValue {
  const known = new Map(paper.items.map((item) => [item.asset, item.total]));
  for (const { asset, available, held, seq } of Object.values(live)) {
    if (isPaper(asset) && seq > paper.seq) known.set(asset, add(available, held));
  }
  const fetched = new Map(paper.items.map((item) => [item.asset, item.price_usd]));
  const worth = (asset: string) => priceOf(realOf(asset)) ?? fetched.get(asset) ?? '0';
  const total = sum([...known].map(([asset, amount]) => mul(amount, worth(asset))));
  return { total, profit: sub(total, paper.start_amount) };
}
