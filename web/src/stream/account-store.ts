import { create } from 'zustand';
import type { Balance, Fill, Order } from '../api/types';
import { add } from '../lib/decimal';
import type { BalanceMessage } from './messages';

const FILLS_LIMIT = 200;

interface AccountStore {
  orders: Record<string, Order>;
  /** Newest first. */
  fills: Fill[];
  balances: Record<string, BalanceMessage>;
  /** Orders told of before messages were lost: one that closed since then would never say so. */
  doubtful: readonly string[];
}

const EMPTY: AccountStore = { orders: {}, fills: [], balances: {}, doubtful: [] };

/** The caller's own events since the page was opened; HTTP answers are the base they are laid over. */
export const useAccount = create<AccountStore>()(() => EMPTY);

/** The newer of two states of one order; the later message wins a tie. */
function newerOrder(known: Order | undefined, fresh: Order): Order {
  return known !== undefined && known.seq > fresh.seq ? known : fresh;
}

export function addOrderRaw(order: Order): void {
  useAccount.setState(({ orders, doubtful }) => ({
    orders: { ...orders, [order.id]: newerOrder(orders[order.id], order) },
    doubtful: doubtful.filter((id) => id !== order.id),
  }));
}

/** Messages were lost: what was told of orders before counts only until they have been read again. */
export function doubtOrders(): void {
  useAccount.setState(({ orders }) => ({ doubtful: Object.keys(orders) }));
}

/** The orders were read again, as of journal position `seq`: what was in doubt and is not newer goes. */
export function settleOrders(seq: number): void {
  useAccount.setState(({ orders, doubtful }) => {
    const stays = ([id, order]: [string, Order]) => !doubtful.includes(id) || order.seq > seq;
    return { orders: Object.fromEntries(Object.entries(orders).filter(stays)), doubtful: [] };
  });
}

export function addFillRaw(fill: Fill): void {
  useAccount.setState(({ fills }) => {
    const same = (other: Fill) => other.trade_id === fill.trade_id && other.order_id === fill.order_id;
    return fills.some((other) => same(other) && other.market === fill.market)
      ? { fills }
      : { fills: [fill, ...fills].slice(0, FILLS_LIMIT) };
  });
}

export function setBalanceRaw(message: BalanceMessage): void {
  useAccount.setState(({ balances }) => {
    const known = balances[message.asset];
    return known !== undefined && known.seq > message.seq
      ? { balances }
      : { balances: { ...balances, [message.asset]: message } };
  });
}

/** After a log-out nothing of the last person stays in memory. */
export function clearAccount(): void {
  useAccount.setState(EMPTY);
}

const OPEN: readonly Order['status'][] = ['open', 'partially_filled', 'waiting', 'dormant'];

export function isOpen(order: Order): boolean {
  return OPEN.includes(order.status);
}

/** The fetched orders with every newer state from the stream laid over, newest first. */
export function mergeOrders(fetched: readonly Order[], live: Record<string, Order>): Order[] {
  const byId = new Map(fetched.map((order) => [order.id, order]));
  for (const order of Object.values(live)) byId.set(order.id, newerOrder(byId.get(order.id), order));
  return [...byId.values()].sort((a, b) => b.created_at.localeCompare(a.created_at));
}

/** An asset the stream told of before the list did: its name and price are not known yet. */
function newBalance({ asset, available, held }: BalanceMessage): Balance {
  return {
    asset,
    name: asset,
    available,
    held,
    total: add(available, held),
    price_usd: null,
    value_usd: null,
  };
}

/** Fetched balances with newer ones from the stream laid over; `seq` is that of the fetched answer. */
export function mergeBalances(
  fetched: readonly Balance[],
  seq: number,
  live: Record<string, BalanceMessage>,
): Balance[] {
  const byAsset = new Map(fetched.map((item) => [item.asset, item]));
  for (const fresh of Object.values(live)) {
    if (fresh.seq <= seq) continue;
    const known = byAsset.get(fresh.asset);
    byAsset.set(
      fresh.asset,
      known === undefined ? newBalance(fresh) : { ...known, available: fresh.available, held: fresh.held },
    );
  }
  return [...byAsset.values()];
}
