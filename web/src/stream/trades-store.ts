import { create } from 'zustand';
import type { PublicTrade } from '../api/types';
import type { TradeMessage } from './messages';

const LIMIT = 200;

export interface Tape {
  /** Newest first, without doubles. */
  trades: PublicTrade[];
  /** A trade id was skipped on the stream: the list must be fetched again. */
  gap: boolean;
}

interface TradesStore {
  tapes: Record<string, Tape>;
}

export const useTapes = create<TradesStore>()(() => ({ tapes: {} }));

export const EMPTY_TAPE: Tape = { trades: [], gap: false };

/** Unites two lists of trades by id, newest first. */
function mergeTrades(known: readonly PublicTrade[], fresh: readonly PublicTrade[]): PublicTrade[] {
  const byId = new Map([...known, ...fresh].map((trade) => [trade.trade_id, trade]));
  return [...byId.values()].sort((a, b) => b.trade_id - a.trade_id).slice(0, LIMIT);
}

/** The list as fetched over HTTP; fills a gap, and never removes what the stream has brought since. */
export function setTradesRaw(market: string, fetched: readonly PublicTrade[]): void {
  useTapes.setState(({ tapes }) => {
    const known = tapes[market] ?? EMPTY_TAPE;
    return { tapes: { ...tapes, [market]: { trades: mergeTrades(known.trades, fetched), gap: false } } };
  });
}

export function addTradeRaw({ market, ...trade }: TradeMessage): void {
  useTapes.setState(({ tapes }) => {
    const known = tapes[market] ?? EMPTY_TAPE;
    const newest = known.trades[0]?.trade_id;
    const gap = known.gap || (newest !== undefined && trade.trade_id > newest + 1);
    return { tapes: { ...tapes, [market]: { trades: mergeTrades(known.trades, [trade]), gap } } };
  });
}

export function dropTape(market: string): void {
  useTapes.setState(({ tapes }) => {
    const { [market]: _dropped, ...rest } = tapes;
    return { tapes: rest };
  });
}
