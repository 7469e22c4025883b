import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market } from '@/api/types';
import { formatDecimal } from '@/lib/format';
import { realOf } from '@/lib/paper';
import { EmptyState } from '@/ui/empty-state';
import { calculateDepth, depthPaths, type DepthGeometry, type DepthPoint } from './depth-points';
import { useFrameBook } from './use-frame-book';

const [WIDTH, HEIGHT] = [1000, 400];

function DepthSide({
  points,
  depth,
  tone,
}: {
  points: readonly DepthPoint[];
  depth: DepthGeometry;
  tone: string;
}) {
  const { line, area } = depthPaths(points, depth, WIDTH, HEIGHT);
  return (
    <g className={tone}>
      <path d={area} fill="currentColor" fillOpacity="0.16" />
      <path d={line} fill="none" stroke="currentColor" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
    </g>
  );
}

/** How much stands in the book up to each price. */
export default function DepthChart({ market }: { market: Market }) {
  const { t } = useTranslation('trade');
  const book = useFrameBook(market.symbol);
  const depth = useMemo(() => book && calculateDepth(book.bids, book.asks), [book]);
  if (depth == null) return <EmptyState title={t('depth.empty')} />;
  const label = (price: number) =>
    formatDecimal(price.toFixed(market.price_decimals), { decimals: market.price_decimals });
  const prices = [0, 0.25, 0.5, 0.75, 1].map((share) => depth.low + (depth.high - depth.low) * share);
  return (
    <figure className="flex h-full flex-col px-3 pt-3 pb-1.5">
      <figcaption className="flex gap-4 text-12">
        <span className="text-buy">{t('depth.bids')}</span>
        <span className="text-sell">{t('depth.asks')}</span>
        <span className="ml-auto num text-quiet">
          {formatDecimal(depth.most.toFixed(2))} {realOf(market.base)}
        </span>
      </figcaption>
      <svg
        role="img"
        aria-label={t('depth.label', { pair: market.symbol })}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="min-h-0 w-full flex-1"
      >
        <DepthSide points={depth.bids} depth={depth} tone="text-buy" />
        <DepthSide points={depth.asks} depth={depth} tone="text-sell" />
      </svg>
      <div className="flex justify-between pt-1 num text-12 text-quiet" aria-hidden>
        {prices.map((price, index) => (
          <span key={index}>{label(price)}</span>
        ))}
      </div>
    </figure>
  );
}
