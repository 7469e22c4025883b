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
  const [low, high] = [mid - reach, mid + reach];
  const near = {
    bids: bidPoints.filter(({ price }) => price >= low),
    asks: askPoints.filter(({ price }) => price <= high),
  };
  const most = Math.max(near.bids.at(-1)?.total ?? 0, near.asks.at(-1)?.total ?? 0);
  return { ...near, low, high, most };
}

/** An SVG path of steps from the best price outward, closed along the bottom. Width and height are those of the view box. */
export function depthPath(
  points: readonly DepthPoint[],
  geometry: DepthGeometry,
  width: number,
  height: number,
): string {
  const { low, high, most } = geometry;
  const x = (price: number) => ((price - low) / (high - low || 1)) * width;
  const y = (total: number) => height - (total / (most || 1)) * height * 0.92;
  const first = points[0];
  if (first === undefined) return '';
  const edge = first.price < (low + high) / 2 ? 0 : width;
  const steps = points.map(({ price, total }) => `H${x(price).toFixed(1)} V${y(total).toFixed(1)}`);
  return `M${x(first.price).toFixed(1)},${height} ${steps.join(' ')} H${edge} V${height} Z`;
}
