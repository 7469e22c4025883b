import { useQuery } from '@tanstack/react-query';
import { paperQuery } from '@/api/paper';
import { balanceQuery } from '@/api/wallet';
import { isPaper } from '@/lib/paper';
import { useAccount } from '@/stream/account-store';
import { pickBalance, type OwnBalance } from './balance';

/** The balances of both sides of a market, live. Only below a signed-in user. */
export function useOwnBalances(
  base: string,
  quote: string,
): { base: OwnBalance | null; quote: OwnBalance | null; failed: boolean } {
  const paper = isPaper(base);
  const real = useQuery({ ...balanceQuery, enabled: !paper });
  const play = useQuery({ ...paperQuery, enabled: paper });
  const { data, isError } = paper ? play : real;
  const live = useAccount((store) => store.balances);
  return { base: pickBalance(data, live, base), quote: pickBalance(data, live, quote), failed: isError };
}
