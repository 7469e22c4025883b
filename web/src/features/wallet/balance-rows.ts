import type { Balance } from '@/api/types';
import { add, compare, isZero, mul } from '@/lib/decimal';

export interface BalanceRow extends Balance {
  /** Value by the newest price known here; null where no price is known. */
  value: string | null;
}

const SMALL_USD = '1';

interface Filter {
  search: string;
  hideSmall: boolean;
}

/** Balances with totals and values brought up to date, most valuable first. */
export function calculateRows(
  balances: readonly Balance[],
  priceOf: (asset: string) => string | null,
): BalanceRow[] {
  const rows = balances.map((balance) => {
    const total = add(balance.available, balance.held);
    const price = priceOf(balance.asset) ?? balance.price_usd;
    return { ...balance, total, price_usd: price, value: price === null ? null : mul(total, price) };
  });
  return rows.sort((a, b) => compare(b.value ?? '0', a.value ?? '0') || a.asset.localeCompare(b.asset));
}

/** A balance without a known value is never called small. */
function isSmall(row: BalanceRow): boolean {
  return isZero(row.total) || (row.value !== null && compare(row.value, SMALL_USD) < 0);
}

export function selectRows(rows: readonly BalanceRow[], { search, hideSmall }: Filter): BalanceRow[] {
  const wanted = search.trim().toLowerCase();
  return rows.filter(
    (row) =>
      !(hideSmall && isSmall(row)) &&
      (row.asset.toLowerCase().includes(wanted) || row.name.toLowerCase().includes(wanted)),
  );
}
