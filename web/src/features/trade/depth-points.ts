import type { BookLevel } from '@/api/types';
import { toChartNumber } from '@/lib/decimal';

/** Pixel geometry, so floats are in order here. */
export interface DepthPoint {
  price: number;
  /** Everything on this side from the best price to here. */
  total: number;
}

export interface DepthGeometry {
  bids: DepthPoint[];
  asks: DepthPoint[];
  low: number;
  high: number;
  most: number;
}

/** Room beyond the farthest level, so that its step can be seen. */
const MARGIN = 0.04;

function cumulate(levels: readonly BookLevel[]): DepthPoint[] {
  let total = 0;
  return levels.map(([price, qty]) => {
    total += toChartNumber(qty);
    return { price: toChartNumber(price), total };
  });
}

/** Both sides to the same distance from the mid, so that the valley stands in the middle. */
export function calculateDepth(bids: readonly BookLevel[], asks: readonly BookLevel[]): DepthGeometry | null {
  const [bidPoints, askPoints] = [cumulate(bids), cumulate(asks)];
  const [bestBid, bestAsk] = [bidPoints[0], askPoints[0]];
  if (bestBid === undefined || bestAsk === undefined) return null;
  const mid = (bestBid.price + bestAsk.price) / 2;
  const reach = Math.min(mid - (bidPoints.at(-1)?.price ?? mid), (askPoints.at(-1)?.price ?? mid) - mid);
  const [low, high] = [mid - reach * (1 + MARGIN), mid + reach * (1 + MARGIN)];
  const near = {
    bids: bidPoints.filter(({ price }) => price >= low),
    asks: askPoints.filter(({ price }) => price <= high),
  };
  const most = Math.max(near.bids.at(-1)?.total ?? 0, near.asks.at(-1)?.total ?? 0);
  return { ...near, low, high, most };
}

export interface DepthPaths {
  line: string;
  area: string;
}

/** SVG paths of steps from the best price outward. Width and height are those of the view box. */
export function depthPaths(
  points: readonly DepthPoint[],
  geometry: DepthGeometry,
  width: number,
  height: number,
): DepthPaths {
  const { low, high, most } = geometry;
  const x = (price: number) => (((price - low) / (high - low || 1)) * width).toFixed(1);
  const y = (total: number) => (height - (total / (most || 1)) * height * 0.92).toFixed(1);
  const first = points[0];
  if (first === undefined) return { line: '', area: '' };
  const edge = first.price < (low + high) / 2 ? 0 : width;
  const steps = points.map(({ price, total }) => `H${x(price)} V${y(total)}`).join(' ');
  const line = `M${x(first.price)},${height} ${steps} H${edge}`;
  return { line, area: `${line} V${height} Z` };
}
