import { useState } from 'react';
import { cn } from '@/lib/cn';

interface NumberCellProps {
  /** The formatted figure. */
  text: string;
  className?: string;
}

interface Change {
  text: string;
  /** Where the new figure starts to differ from the last one. */
  from: number;
  direction: 'up' | 'down' | null;
}

/** NaN where the text holds no figure. */
const digits = (text: string) => parseFloat(text.replace(/[^\d.\u2212-]/g, '').replace('\u2212', '-'));

/** What changed between two renderings of a figure; only the direction of colour hangs on it, never money. */
export function tintChange(before: string, after: string): Change {
  let from = 0;
  while (from < before.length && before[from] === after[from]) from += 1;
  const [old, fresh] = [digits(before), digits(after)];
  if (before.length !== after.length) from = 0;
  const comparable = Number.isFinite(old) && Number.isFinite(fresh) && old !== fresh;
  return { text: after, from, direction: comparable ? (fresh > old ? 'up' : 'down') : null };
}

/** A live figure: the digits that changed are tinted for 300 ms, and no column ever jumps. */
export function NumberCell({ text, className }: NumberCellProps) {
  const [change, setChange] = useState<Change>({ text, from: text.length, direction: null });
  if (change.text !== text) setChange(tintChange(change.text, text));
  const { from, direction } = change;
  return (
    <span className={cn('num', className)}>
      {text.slice(0, from)}
      {from < text.length && (
        <span
          key={text}
          className={cn(
            'rounded-[2px]',
            direction === 'up' && 'animate-tick-up',
            direction === 'down' && 'animate-tick-down',
          )}
        >
          {text.slice(from)}
        </span>
      )}
    </span>
  );
}
