import { errorText } from '@/api/error-text';
import { amendOrder } from '@/api/orders';
import { addOrderRaw } from '@/stream/account-store';
import type { OrderLine } from './order-lines';

/** Amends the order to where its line was put; answers null when it worked, else why not. */
export async function moveOrder({ orderId, field }: OrderLine, price: string): Promise<string | null> {
  try {
    addOrderRaw(await amendOrder(orderId, { [field]: price }));
    return null;
  } catch (error) {
    return errorText(error);
  }
}
