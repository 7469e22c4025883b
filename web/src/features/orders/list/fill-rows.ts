import type { Fill, Side, Transaction } from '@/api/types';
import { abs, add, div, mul } from '@/lib/decimal';

/** One trade of the user's, from the statement or fresh from the stream. */
export interface FillRow {
  /** market/trade_id/side: the same trade from both sources is one row. */
  key: string;
  at: string;
  market: string;
  side: Side;
  /** Null for a trade told before the statement knew it. */
  role: Fill['role'] | null;
  price: string;
  qty: string;
  total: string;
  fee: string;
  feeAsset: string;
}

function fromStream(fill: Fill): FillRow {
  return {
    key: `${fill.market}/${fill.trade_id}/${fill.side}`,
    at: fill.at,
    market: fill.market,
    side: fill.side,
    role: fill.role,
    price: fill.price,
    qty: fill.qty,
    total: mul(fill.price, fill.qty),
    fee: fill.fee,
    feeAsset: fill.fee_asset,
  };
}

/** A statement's amounts are after the fee; the traded quantity is before it. */
function fromStatement(line: Transaction): FillRow | null {
  const side = line.type === 'trade_buy' ? 'buy' : line.type === 'trade_sell' ? 'sell' : null;
  if (side === null || line.market === null || line.price === null) return null;
  const fee = line.fee ?? '0';
  const qty = side === 'buy' ? add(line.amount, fee) : abs(line.amount);
  return {
    key: `${line.ref}/${side}`,
    at: line.created_at,
    market: line.market,
    side,
    role: line.role,
    price: line.price,
    qty,
    total: mul(line.price, qty),
    fee,
    feeAsset: line.fee_asset ?? '',
  };
}

/** The statement with what the stream brought since laid on top, newest first. Pure. */
export function mergeFills(
  statement: readonly Transaction[],
  live: readonly Fill[],
  market?: string,
): FillRow[] {
  const rows = [...statement.map(fromStatement), ...live.map(fromStream)].filter((row) => row !== null);
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return [...byKey.values()]
    .filter((row) => market === undefined || row.market === market)
    .sort((a, b) => b.at.localeCompare(a.at));
}

export interface FillSum {
  side: Side;
  market: string;
  qty: string;
  average: string;
  count: number;
}

/** Several fills of one order as one piece of news. */
export function sumFills(fills: readonly Fill[]): FillSum | null {
  const first = fills[0];
  if (first === undefined) return null;
  const qty = fills.reduce((total, fill) => add(total, fill.qty), '0');
  const notional = fills.reduce((total, fill) => add(total, mul(fill.price, fill.qty)), '0');
  return {
    side: first.side,
    market: first.market,
    qty,
    average: div(notional, qty, 8, 'half'),
    count: fills.length,
  };
}
