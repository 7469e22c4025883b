import type { Balance, WalletBalance } from '@/api/types';
import type { BalanceMessage } from '@/stream/messages';

export type OwnBalance = Pick<Balance, 'available' | 'held'>;

const NOTHING: OwnBalance = { available: '0', held: '0' };

/** One asset's balance: the newer of what was fetched and what the stream brought. Null until the first is known. */
export function pickBalance(
  fetched: WalletBalance | undefined,
  live: Record<string, BalanceMessage>,
  asset: string,
): OwnBalance | null {
  if (fetched === undefined) return null;
  const fresh = live[asset];
  if (fresh !== undefined && fresh.seq > fetched.seq) return fresh;
  return fetched.items.find((item) => item.asset === asset) ?? fresh ?? NOTHING;
}
