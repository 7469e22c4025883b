import type { Order } from '@/api/types';

/** Where a row stands in its group: the line beside it begins, goes on, or ends. */
export type Link = 'none' | 'first' | 'middle' | 'last';

export interface ArrangedOrder {
  order: Order;
  link: Link;
}

const RANK = { entry: 0, take_profit: 1, stop_loss: 2 } as const;
const rankOf = ({ role }: Order): number => (role === null ? 3 : RANK[role]);

function linkOf(index: number, count: number): Link {
  if (count === 1) return 'none';
  if (index === 0) return 'first';
  return index === count - 1 ? 'last' : 'middle';
}

/** Orders of a group stand below each other, the entry first, at the place of the group's newest one. Pure. */
export function arrangeOrders(orders: readonly Order[]): ArrangedOrder[] {
  const groups = new Map<string, Order[]>();
  for (const order of orders) {
    const key = order.group_id === null ? `order ${order.id}` : `group ${order.group_id}`;
    groups.set(key, [...(groups.get(key) ?? []), order]);
  }
  return [...groups.values()].flatMap((group) =>
    group
      .sort((a, b) => rankOf(a) - rankOf(b))
      .map((order, index) => ({ order, link: linkOf(index, group.length) })),
  );
}
