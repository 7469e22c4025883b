import { cn } from '@/lib/cn';

/** A stable hue per symbol, so that a coin looks the same on every page. */
export function assetHue(symbol: string): number {
  let hash = 7;
  for (const letter of symbol) hash = (hash * 31 + letter.charCodeAt(0)) % 360;
  return hash;
}

const SIZES = { sm: 'size-5 text-[8px]', md: 'size-7 text-[10px]', lg: 'size-9 text-12' };

/** A round mark with the first letters of the symbol; no trademarked pictures, no requests. */
export function AssetIcon({
  symbol,
  size = 'md',
  className,
}: {
  symbol: string;
  size?: keyof typeof SIZES;
  className?: string;
}) {
  const hue = assetHue(symbol);
  return (
    <span
      aria-hidden
      className={cn(
        'inline-grid shrink-0 place-items-center rounded-full font-semibold tracking-tight',
        SIZES[size],
        className,
      )}
      style={{
        background: `color-mix(in oklch, oklch(0.62 0.12 ${hue}) 22%, var(--panel))`,
        color: `color-mix(in oklch, oklch(0.62 0.12 ${hue}) 55%, var(--strong))`,
      }}
    >
      {symbol.slice(0, 3)}
    </span>
  );
}
