// One hue family in falling lightness: neighbours differ, and no slice pretends to mean gain or loss.
const COLOURS = [
  'oklch(0.55 0.1 214)',
  'oklch(0.68 0.1 195)',
  'oklch(0.6 0.11 255)',
  'oklch(0.74 0.09 170)',
  'oklch(0.62 0.09 290)',
  'oklch(0.78 0.06 230)',
  'oklch(0.62 0.015 225)',
] as const;

/** The colour of the n-th largest slice, the same in both themes. */
export function sliceColour(index: number): string {
  return COLOURS[Math.min(index, COLOURS.length - 1)] ?? COLOURS[0];
}
