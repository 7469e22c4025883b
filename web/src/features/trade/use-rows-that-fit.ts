import { useEffect, useState, type RefObject } from 'react';

const BEFORE_MEASURED = 12;

/** How many rows of each side fit in an element around a middle row, so that the book fills its panel and never scrolls. */
export function useRowsThatFit(
  host: RefObject<HTMLElement | null>,
  rowHeight: number,
  middleHeight: number,
): number {
  const [rows, setRows] = useState(BEFORE_MEASURED);
  useEffect(() => {
    if (host.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const height = entry?.contentRect.height ?? 0;
      if (height > 0) setRows(Math.max(3, Math.floor((height - middleHeight) / 2 / rowHeight)));
    });
    observer.observe(host.current);
    return () => observer.disconnect();
  }, [host, rowHeight, middleHeight]);
  return rows;
}
