// @vitest-environment jsdom
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Balance, Order } from '../api/types';
import { clearAccount, isOpen, mergeBalances, mergeOrders, settleOrders, useAccount } from './account-store';
import { useConnection } from './connection-store';
import { fakeSocket } from '../testing/fake-socket';
import { StreamClient } from './stream-client';

interface Reading {
  orders: Order[];
  balances: Balance[];
  seq: number;
}

type Step = { event: 'read'; data: Reading } | { event: string; data?: unknown; outcome: 'taken' | 'read' };

interface Vector {
  name: string;
  says: string;
  steps: Step[];
  account: { orders: string[]; balances: Record<string, [string, string]>; fills: number[] };
}

/** The recording that every client of the stream is tested with. */
const { cases } = JSON.parse(readFileSync('../tests/vectors/account_stream.json', 'utf8')) as {
  cases: Vector[];
};

const isReading = (step: Step): step is { event: 'read'; data: Reading } => step.event === 'read';

describe('own account', () => {
  it.each(cases)('$name: $says', ({ steps, account }) => {
    clearAccount();
    const { say, typed } = fakeSocket();
    new StreamClient().attach(typed);
    let read: Reading = { orders: [], balances: [], seq: 0 };
    for (const step of steps) {
      if (isReading(step)) {
        read = step.data;
        settleOrders(read.seq);
        continue;
      }
      const { epoch } = useConnection.getState();
      say(step.event, step.data);
      expect(useConnection.getState().epoch > epoch).toBe(step.outcome === 'read');
    }
    const { orders, balances, fills } = useAccount.getState();
    const open = mergeOrders(read.orders, orders).filter(isOpen);
    const held = mergeBalances(read.balances, read.seq, balances);
    expect({
      orders: open.map(({ id }) => id).sort(),
      balances: Object.fromEntries(held.map((one) => [one.asset, [one.available, one.held]])),
      fills: fills.map(({ trade_id }) => trade_id).sort(),
    }).toEqual(account);
  });
});
