import { beforeEach, describe, expect, it } from 'vitest';
import type { Balance, Book, Order } from '../api/types';
import {
  addFillRaw,
  addOrderRaw,
  mergeBalances,
  mergeOrders,
  setBalanceRaw,
  useAccount,
} from './account-store';
import { doubtBooks, setBookRaw, takeBookRaw, takeDeltaRaw, useBooks } from './book-store';
import { setCandleRaw, useNewestCandles } from './candles-store';
import type { CandleMessage } from './messages';
import { effectiveSource, STALE_AFTER_MS } from './price-source';
import { setPricesRaw, usePrices } from './prices-store';
import { addTradeRaw, setTradesRaw, useTapes } from './trades-store';

const book = (seq: number): Book => ({ market: 'BTC-USDT', seq, bids: [], asks: [], checksum: 0, at: '' });
const trade = (id: number) => ({ trade_id: id, price: '1', qty: '1', taker_side: 'buy' as const, at: '' });
const order = (id: string, seq: number, status: Order['status'] = 'open') =>
  ({ id, seq, status, created_at: `2026-01-0${id}T00:00:00Z` }) as Order;
const balance = (asset: string, total: string): Balance => ({
  asset,
  name: asset,
  available: total,
  held: '0',
  total,
  price_usd: null,
  value_usd: null,
});
const source = { name: 'Binance', kind: 'live' as const, label: 'live: Binance', age_ms: 1, sources: [] };

beforeEach(() => {
  useBooks.setState(useBooks.getInitialState(), true);
  useTapes.setState(useTapes.getInitialState(), true);
  useAccount.setState(useAccount.getInitialState(), true);
  usePrices.setState(usePrices.getInitialState(), true);
});

describe('book store', () => {
  it('replaces the book and drops one that is older than what is shown', () => {
    setBookRaw(book(5));
    setBookRaw(book(4));
    expect(useBooks.getState().books['BTC-USDT']?.seq).toBe(5);
    setBookRaw(book(9));
    expect(useBooks.getState().books['BTC-USDT']?.seq).toBe(9);
  });

  it('shows what was fetched, but follows only a snapshot of the stream', () => {
    const empty = { bids: [], asks: [], checksum: 2_343_686_810, at: '' };
    const delta = (seq: number) => ({ ...empty, market: 'BTC-USDT', seq, prev_seq: seq - 1 });
    setBookRaw(book(5));
    expect(takeDeltaRaw(delta(6))).toBe('ignored');
    expect(takeBookRaw({ ...book(5), ...empty, seq: 5 })).toBe('applied');
    expect(takeDeltaRaw(delta(6))).toBe('applied');
    expect(takeDeltaRaw(delta(8))).toBe('resync');
    expect(useBooks.getState().books['BTC-USDT']?.seq).toBe(6);
    doubtBooks();
    expect(takeDeltaRaw(delta(7))).toBe('ignored');
    expect(takeBookRaw({ ...book(2), ...empty, seq: 2 })).toBe('applied');
  });
});

describe('tape store', () => {
  it('keeps trades newest first without doubles', () => {
    setTradesRaw('BTC-USDT', [trade(2), trade(1)]);
    addTradeRaw({ ...trade(3), market: 'BTC-USDT' });
    addTradeRaw({ ...trade(3), market: 'BTC-USDT' });
    const tape = useTapes.getState().tapes['BTC-USDT'];
    expect(tape?.trades.map(({ trade_id }) => trade_id)).toEqual([3, 2, 1]);
    expect(tape?.gap).toBe(false);
  });

  it('notices a skipped trade id until the list was fetched again', () => {
    setTradesRaw('BTC-USDT', [trade(1)]);
    addTradeRaw({ ...trade(4), market: 'BTC-USDT' });
    expect(useTapes.getState().tapes['BTC-USDT']?.gap).toBe(true);
    setTradesRaw('BTC-USDT', [trade(4), trade(3), trade(2), trade(1)]);
    expect(useTapes.getState().tapes['BTC-USDT']).toEqual({
      trades: [trade(4), trade(3), trade(2), trade(1)],
      gap: false,
    });
  });
});

describe('candles store', () => {
  const at = (open_time: number, source: 'trades' | 'reference', close: string) =>
    ({ market: 'BTC-USDT', interval: '1m', open_time, source, close }) as CandleMessage;
  const close = () => useNewestCandles.getState().newest['candles:BTC-USDT:1m']?.close;

  it('keeps the newest candle, and own trades before the reference price', () => {
    setCandleRaw(at(60, 'reference', '1'));
    setCandleRaw(at(60, 'trades', '2'));
    setCandleRaw(at(60, 'reference', '3'));
    setCandleRaw(at(0, 'trades', '4'));
    expect(close()).toBe('2');
    setCandleRaw(at(120, 'reference', '5'));
    expect(close()).toBe('5');
  });
});

describe('account store', () => {
  it('never lets an older state of an order win, from either side', () => {
    addOrderRaw(order('1', 8, 'filled'));
    addOrderRaw(order('1', 7, 'open'));
    const { orders } = useAccount.getState();
    expect(mergeOrders([order('1', 6)], orders)[0]?.status).toBe('filled');
    expect(mergeOrders([order('1', 9, 'cancelled')], orders)[0]?.status).toBe('cancelled');
  });

  it('counts a fill once', () => {
    const fill = { trade_id: 1, order_id: '1', market: 'BTC-USDT' } as Parameters<typeof addFillRaw>[0];
    addFillRaw(fill);
    addFillRaw(fill);
    expect(useAccount.getState().fills).toHaveLength(1);
  });

  it('lays only newer balances over the fetched ones', () => {
    setBalanceRaw({ asset: 'BTC', available: '2', held: '0', seq: 5 });
    setBalanceRaw({ asset: 'BTC', available: '1', held: '0', seq: 4 });
    const fetched = [balance('BTC', '9')];
    const { balances } = useAccount.getState();
    expect(mergeBalances(fetched, 3, balances)[0]?.available).toBe('2');
    expect(mergeBalances(fetched, 6, balances)[0]?.available).toBe('9');
  });

  it('shows an asset that was bought for the first time before the list knows it', () => {
    setBalanceRaw({ asset: 'ETH', available: '2', held: '1', seq: 5 });
    const { balances } = useAccount.getState();
    expect(
      mergeBalances([balance('BTC', '9')], 4, balances).map(({ asset, total }) => [asset, total]),
    ).toEqual([
      ['BTC', '9'],
      ['ETH', '3'],
    ]);
    expect(mergeBalances([balance('BTC', '9')], 5, balances)).toHaveLength(1);
  });
});

describe('price source', () => {
  it('keeps markets a message does not mention', () => {
    const price = { last: '1', change_24h: null, reference_price: null };
    setPricesRaw({ at: '', source, prices: { 'BTC-USDT': price } });
    setPricesRaw({ at: '', source, prices: { 'ETH-USDT': price } });
    expect(Object.keys(usePrices.getState().prices)).toEqual(['BTC-USDT', 'ETH-USDT']);
  });

  it('calls silence stale, whatever the server last said', () => {
    expect(effectiveSource(source, 1_000, undefined, 2_000)?.kind).toBe('live');
    expect(effectiveSource(source, 1_000, undefined, 1_001 + STALE_AFTER_MS)?.kind).toBe('stale');
  });
});
