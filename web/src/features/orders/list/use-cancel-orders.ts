import { create } from 'zustand';
import { errorText } from '@/api/error-text';
import { cancelAllOrders, cancelOrder } from '@/api/orders';
import type { Order } from '@/api/types';
import { addOrderRaw } from '@/stream/account-store';

interface Cancelling {
  ids: ReadonlySet<string>;
}

/** Orders the user has asked to cancel: gone from the list at once, back again if the exchange says no. */
export const useCancelling = create<Cancelling>()(() => ({ ids: new Set() }));

function mark(ids: readonly string[], cancelling: boolean): void {
  useCancelling.setState((store) => {
    const next = new Set(store.ids);
    for (const id of ids) {
      if (cancelling) next.add(id);
      else next.delete(id);
    }
    return { ids: next };
  });
}

/** Answers null when it worked, else why not. */
export async function cancelOne(id: string): Promise<string | null> {
  mark([id], true);
  try {
    addOrderRaw(await cancelOrder(id));
    return null;
  } catch (error) {
    return errorText(error);
  } finally {
    mark([id], false);
  }
}

/** Cancels what is open, in one market or everywhere: real orders, or those on paper. */
export async function cancelAll(
  orders: readonly Order[],
  market: string | undefined,
  paper: boolean,
): Promise<string | null> {
  const ids = orders.map((order) => order.id);
  mark(ids, true);
  try {
    const { cancelled } = await cancelAllOrders(market, paper);
    for (const order of orders) {
      if (cancelled.includes(order.id)) addOrderRaw({ ...order, status: 'cancelled', reason: 'user' });
    }
    return null;
  } catch (error) {
    return errorText(error);
  } finally {
    mark(ids, false);
  }
}
