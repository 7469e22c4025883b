/** Shares of the room that panels have, in per cent, the first one first. */
export type Sizes = readonly number[];

/**
 * Moves the line behind a panel by some per cent of the room: its neighbours give and take, and neither becomes smaller
 * than its least share. Pure.
 */
export function moveLine(sizes: Sizes, line: number, by: number, least: Sizes): number[] {
  const [before = 0, after = 0] = [sizes[line], sizes[line + 1]];
  const [down, up] = [(least[line] ?? 0) - before, after - (least[line + 1] ?? 0)];
  // Where both are at their least already, nothing moves.
  const moved = down > up ? 0 : Math.min(Math.max(by, down), up);
  return sizes.map((size, index) =>
    index === line ? size + moved : index === line + 1 ? size - moved : size,
  );
}

/** What was remembered, if it is so many shares of one room; else nothing. */
export function readSizes(text: string | null, count: number): number[] | null {
  try {
    const sizes: unknown = JSON.parse(text ?? 'null');
    const whole =
      Array.isArray(sizes) && sizes.length === count && sizes.every((size) => size > 0 && size < 100);
    return whole ? (sizes as number[]) : null;
  } catch {
    return null;
  }
}
