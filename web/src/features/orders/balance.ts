import type { Balance, Market } from '@/api/types';
import { formatDecimal } from '@/lib/format';
import type { BalanceMessage } from '@/stream/messages';

export type OwnBalance = Pick<Balance, 'available' | 'held'>;

type Fetched = { items: readonly (OwnBalance & { asset: string })[]; seq: number };

const NOTHING: OwnBalance = { available: '0', held: '0' };

/** One asset's balance: the newer of what was fetched and what the stream brought. Null until the first is known. */
export function pickBalance(
  fetched: Fetched | undefined,
  live: Record<string, BalanceMessage>,
  asset: string,
): OwnBalance | null {
  if (fetched === undefined) return null;
  const fresh = live[asset];
  if (fresh !== undefined && fresh.seq > fetched.seq) return fresh;
  return fetched.items.find((item) => item.asset === asset) ?? fresh ?? NOTHING;
}

/** Money in cents, coins in the market's own steps; rounded down, so that nobody is promised more than there is. */
export function formatBalance(
  amount: string | undefined,
  asset: string,
  { quote, qty_decimals: decimals }: Pick<Market, 'quote' | 'qty_decimals'>,
): string {
  const format = asset === quote ? { decimals: 2 } : { minDecimals: decimals, maxDecimals: 8 };
  return formatDecimal(amount, { ...format, rounding: 'down' });
}
