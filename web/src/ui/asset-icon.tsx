import { cn } from '@/lib/cn';
import { realOf } from '@/lib/paper';

const GOLDEN_ANGLE = 137.508;

/** A stable hue per symbol, so that a coin looks the same on every page. */
function assetHue(symbol: string): number {
  let hash = 7;
  for (const letter of symbol) hash = (hash * 31 + letter.charCodeAt(0)) % 997;
  return Math.round((hash * GOLDEN_ANGLE) % 360);
}

const SIZES = { sm: 'size-5 text-[10px]', md: 'size-7 text-12', lg: 'size-9 text-14' };

interface AssetIconProps {
  symbol: string;
  size?: keyof typeof SIZES;
  className?: string;
}

/** A round mark with the first letter of the symbol; no trademarked pictures, no requests. */
export function AssetIcon({ symbol: named, size = 'md', className }: AssetIconProps) {
  const symbol = realOf(named);
  const colour = `oklch(0.62 0.12 ${assetHue(symbol)})`;
  return (
    <span
      aria-hidden
      className={cn(
        'inline-grid shrink-0 place-items-center rounded-full font-semibold',
        SIZES[size],
        className,
      )}
      style={{
        background: `color-mix(in oklab, ${colour} 22%, var(--panel))`,
        color: `color-mix(in oklab, ${colour} 45%, var(--strong))`,
      }}
    >
      {symbol.slice(0, 1)}
    </span>
  );
}
