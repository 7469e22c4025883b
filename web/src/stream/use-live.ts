import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { bookQuery, tickerQuery, tradesQuery } from '../api/markets';
import { openOrdersQuery } from '../api/orders';
import type { Book, Candle, CandleInterval, Fill, Order, PublicTrade, Ticker } from '../api/types';
import { balanceQuery } from '../api/wallet';
import { isPaper, realOf, usePaperMode } from '../lib/paper';
import { isOpen, mergeBalances, mergeOrders, settleOrders, useAccount } from './account-store';
import { dropBook, setBookRaw, useBooks } from './book-store';
import { candleRoom, dropCandle, useNewestCandles } from './candles-store';
import { useConnection } from './connection-store';
import type { LivePrice } from './messages';
import { usePrices } from './prices-store';
import { stream } from './stream';
import { EMPTY_TAPE, dropTape, setTradesRaw, useTapes } from './trades-store';

/** Looks at a room while the component is on the page. */
export function useRoom(room: string): void {
  useEffect(() => stream.enter(room), [room]);
}

/** The live price of one market, of a paper one that of the real; undefined until the first message. */
export function usePrice(market: string): LivePrice | undefined {
  return usePrices((store) => store.prices[realOf(market)]);
}

/** The ticker, fetched once and then followed live. */
export function useTicker(pair: string): Ticker | undefined {
  const market = realOf(pair);
  useRoom(`ticker:${market}`);
  const fetched = useQuery(tickerQuery(market));
  return usePrices((store) => store.tickers[market]) ?? fetched.data;
}

/** The book of one market: fetched for the first paint, and kept by the stream's snapshots and differences. */
export function useBook(pair: string): Book | undefined {
  const market = realOf(pair);
  useRoom(`book:${market}`);
  const { data } = useQuery(bookQuery(market));
  useEffect(() => {
    if (data !== undefined) setBookRaw(data);
  }, [data]);
  useEffect(() => () => dropBook(market), [market]);
  return useBooks((store) => store.books[market]);
}

/** Calls back with the newest candle of a market and interval whenever it changes. */
export function useCandle(market: string, interval: CandleInterval, changed: (candle: Candle) => void): void {
  const room = candleRoom(realOf(market), interval);
  useRoom(room);
  useEffect(() => {
    const stop = useNewestCandles.subscribe(({ newest }, before) => {
      const candle = newest[room];
      if (candle !== undefined && candle !== before.newest[room]) changed(candle);
    });
    return () => {
      stop();
      dropCandle(room);
    };
  }, [room, changed]);
}

/** The tape of one market, newest first; a gap on the stream or a reconnection fetches it again. */
export function useTrades(pair: string): PublicTrade[] {
  const market = realOf(pair);
  useRoom(`trades:${market}`);
  const epoch = useConnection((store) => store.epoch);
  const { data, refetch } = useQuery(tradesQuery(market));
  const tape = useTapes((store) => store.tapes[market]) ?? EMPTY_TAPE;
  useEffect(() => {
    if (data !== undefined) setTradesRaw(market, data);
  }, [data, market]);
  useEffect(() => {
    if (tape.gap || epoch > 1) void refetch();
  }, [tape.gap, epoch, refetch]);
  useEffect(() => () => dropTape(market), [market]);
  return tape.trades;
}

/** Own open orders with live changes laid over; optionally of one market. In paper mode those on paper. */
export function useOpenOrders(market?: string) {
  const paper = usePaperMode();
  const query = useQuery(openOrdersQuery(market, paper));
  const live = useAccount((store) => store.orders);
  const orders = useMemo<Order[] | undefined>(() => {
    const merged = query.data && mergeOrders(query.data, live);
    const wanted = ({ market: where }: Order) =>
      market === undefined ? isPaper(where) === paper : where === market;
    return merged?.filter((order) => isOpen(order) && wanted(order));
  }, [query.data, live, market, paper]);
  return { ...query, orders };
}

/** Own fills since the page was opened, newest first: of real money, in paper mode of play money. */
export function useFreshFills(): Fill[] {
  const paper = usePaperMode();
  const fills = useAccount((store) => store.fills);
  return useMemo(() => fills.filter(({ market }) => isPaper(market) === paper), [fills, paper]);
}

/** A first purchase brings an asset the fetched list does not have; its name and price must be fetched. */
function hasUnknownAsset(known: readonly { asset: string }[], live: Record<string, unknown>): boolean {
  const assets = new Set(known.map((item) => item.asset));
  return Object.keys(live).some((asset) => !assets.has(asset));
}

/** Own balances of real money with live changes laid over. */
export function useBalances() {
  const query = useQuery(balanceQuery);
  const all = useAccount((store) => store.balances);
  const live = useMemo(
    () => Object.fromEntries(Object.entries(all).filter(([asset]) => !isPaper(asset))),
    [all],
  );
  const balances = useMemo(
    () => query.data && mergeBalances(query.data.items, query.data.seq, live),
    [query.data, live],
  );
  const { refetch } = query;
  const unknownAsset = query.data !== undefined && hasUnknownAsset(query.data.items, live);
  useEffect(() => {
    if (unknownAsset) void refetch();
  }, [unknownAsset, refetch]);
  return { ...query, balances };
}

/** Refetches own data whenever the stream was away, because what happened meanwhile was not seen. */
export function useCatchUp(): void {
  const client = useQueryClient();
  const epoch = useConnection((store) => store.epoch);
  useEffect(() => {
    if (epoch <= 1) return;
    const read = client.invalidateQueries({ predicate: (query) => query.meta?.['own'] === true });
    void read.then(() => settleOrders(client.getQueryData(balanceQuery.queryKey)?.seq ?? Infinity));
  }, [epoch, client]);
}
