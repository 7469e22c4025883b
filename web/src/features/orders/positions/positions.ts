import { add, compare, div, isZero, min, mul, sub } from '@/lib/decimal';
import type { FillRow } from '../list/fill-rows';

/** More places than any price has, so that an average cost multiplied back is not a cent off. */
const COST_DECIMALS = 12;

/** What trading in one market has left behind. Amounts are exact decimal strings of the market's two assets. */
export interface Position {
  market: string;
  /** Coins bought and not sold again. Coins that came another way are not in it: what they cost is not known. */
  qty: string;
  /** What `qty` was paid, fees included, by average cost. */
  cost: string;
  /** What sales brought beyond the average cost of what was sold, after fees. */
  realised: string;
  fills: number;
}

const NOTHING = { qty: '0', cost: '0', realised: '0', fills: 0 };

function afterBuy(position: Position, fill: FillRow, base: string): Position {
  const inBase = fill.feeAsset === base;
  return {
    ...position,
    qty: add(position.qty, inBase ? sub(fill.qty, fill.fee) : fill.qty),
    cost: add(position.cost, inBase ? fill.total : add(fill.total, fill.fee)),
  };
}

/** A sale of more than was bought closes the position; the rest had no known cost and makes no gain here. */
function afterSell(position: Position, fill: FillRow, quote: string): Position {
  const sold = min(fill.qty, position.qty);
  if (isZero(sold)) return position;
  const all = compare(sold, position.qty) === 0;
  const cost = all ? position.cost : div(mul(position.cost, sold), position.qty, COST_DECIMALS, 'half');
  const proceeds = fill.feeAsset === quote ? sub(fill.total, fill.fee) : fill.total;
  const share = div(mul(proceeds, sold), fill.qty, COST_DECIMALS, 'half');
  return {
    ...position,
    qty: sub(position.qty, sold),
    cost: sub(position.cost, cost),
    realised: add(position.realised, sub(share, cost)),
  };
}

/** Positions by average cost, one for each market that was traded, by name. Fills may come in any order. Pure. */
export function calculatePositions(fills: readonly FillRow[]): Position[] {
  const positions = new Map<string, Position>();
  const inOrder = [...fills].sort((a, b) => a.at.localeCompare(b.at) || a.key.localeCompare(b.key));
  for (const fill of inOrder) {
    const { market } = fill;
    const [base = '', quote = ''] = market.split('-');
    const known = positions.get(market) ?? { market, ...NOTHING };
    const next = fill.side === 'buy' ? afterBuy(known, fill, base) : afterSell(known, fill, quote);
    positions.set(market, { ...next, fills: known.fills + 1 });
  }
  return [...positions.values()].sort((a, b) => a.market.localeCompare(b.market));
}

export interface Valuation {
  /** Null where nothing is held. */
  averageCost: string | null;
  value: string | null;
  unrealised: string | null;
  unrealisedPercent: string | null;
}

/** What a position is worth at a price; nothing is told of a price that is not known. Pure. */
export function valuePosition({ qty, cost }: Position, price: string | null): Valuation {
  const averageCost = isZero(qty) ? null : div(cost, qty, COST_DECIMALS, 'half');
  if (price === null || averageCost === null)
    return { averageCost, value: null, unrealised: null, unrealisedPercent: null };
  const value = mul(qty, price);
  const unrealised = sub(value, cost);
  const unrealisedPercent = isZero(cost) ? null : div(mul(unrealised, '100'), cost, 2, 'half');
  return { averageCost, value, unrealised, unrealisedPercent };
}
