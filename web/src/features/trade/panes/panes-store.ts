import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const PANES_MAX = 3;

interface Panes {
  /** Markets shown beside the one being traded, in the order in which they were added. */
  pairs: string[];
}

/** Which markets stand beside, remembered on this device. */
export const usePanes = create<Panes>()(persist(() => ({ pairs: [] as string[] }), { name: 'cv-panes' }));

/** The next list; a market is in it once, and the oldest makes room for a fourth. Pure. */
export function withPane(pairs: readonly string[], pair: string): string[] {
  return pairs.includes(pair) ? [...pairs] : [...pairs, pair].slice(-PANES_MAX);
}

/** What is left to show: neither the market being traded nor one that does not exist any more. Pure. */
export function shownPanes<Market extends { symbol: string }>(
  pairs: readonly string[],
  traded: string,
  markets: readonly Market[],
): Market[] {
  return pairs.flatMap((pair) =>
    pair === traded ? [] : (markets.find(({ symbol }) => symbol === pair) ?? []),
  );
}

export function addPane(pair: string): void {
  usePanes.setState(({ pairs }) => ({ pairs: withPane(pairs, pair) }));
}

export function removePane(pair: string): void {
  usePanes.setState(({ pairs }) => ({ pairs: pairs.filter((each) => each !== pair) }));
}

/** The market of a pane is traded now, and the one traded before takes its place. */
export function swapPane(pair: string, traded: string): void {
  usePanes.setState(({ pairs }) => ({
    pairs: pairs.filter((each) => each !== traded).map((each) => (each === pair ? traded : each)),
  }));
}
