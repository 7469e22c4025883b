import type { Order, Side } from '@/api/types';
import { add, compare, mul, toStep } from '@/lib/decimal';

/** A price of an own order, drawn across the chart. */
export interface OrderLine {
  /** Order and field: one order may have a trigger and a limit. */
  key: string;
  orderId: string;
  field: 'price' | 'trigger_price';
  price: string;
  side: Side;
  type: Order['type'];
  /** What is left of it; null where only money was named. */
  remaining: string | null;
  /** A trigger that trails finds its price by itself. */
  movable: boolean;
}

function linesOf(order: Order): OrderLine[] {
  const common = {
    orderId: order.id,
    side: order.side,
    type: order.type,
    remaining: order.remaining,
    movable: true,
  };
  const trails = order.trail_amount !== null || order.trail_percent !== null;
  const lines: OrderLine[] = [];
  if (order.trigger_price !== null && order.triggered_at === null) {
    const key = `${order.id} trigger`;
    lines.push({ ...common, key, field: 'trigger_price', price: order.trigger_price, movable: !trails });
  }
  if (order.price !== null) {
    lines.push({ ...common, key: `${order.id} price`, field: 'price', price: order.price });
  }
  return lines;
}

/** Where own open orders stand in the chart. Pure. */
export function listOrderLines(orders: readonly Order[]): OrderLine[] {
  return orders.flatMap(linesOf);
}

/** A price read off the chart, put on the market's steps; never below one of them. Pure. */
export function snapPrice(price: string, tick: string): string {
  const snapped = toStep(price, tick, 'half');
  return compare(snapped, tick) < 0 ? tick : snapped;
}

/** Some steps up or down. Pure. */
export function stepLine(price: string, tick: string, steps: number): string {
  return snapPrice(add(price, mul(tick, steps.toString())), tick);
}

const KEY_STEPS: Record<string, number> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 100,
  PageDown: -100,
};

/** How many steps a key moves a line; 0 for any other key. Pure. */
export function keySteps(key: string, shift: boolean): number {
  return (KEY_STEPS[key] ?? 0) * (shift ? 10 : 1);
}
