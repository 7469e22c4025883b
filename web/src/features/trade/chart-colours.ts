export interface ChartColours {
  panel: string;
  line: string;
  quiet: string;
  strong: string;
  raised: string;
  buy: string;
  sell: string;
  buyFaint: string;
  sellFaint: string;
}

/** The charting library knows no oklch(), so the browser converts: one painted pixel, read back. */
function toRgba(context: CanvasRenderingContext2D, colour: string, alpha = 1): string {
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}

/** The theme's tokens as they are now, in colours a canvas library understands. */
export function readChartColours(): ChartColours {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const styles = getComputedStyle(document.documentElement);
  const token = (name: string, alpha?: number) =>
    context === null ? 'gray' : toRgba(context, styles.getPropertyValue(`--${name}`), alpha);
  return {
    panel: token('panel'),
    line: token('line'),
    quiet: token('quiet'),
    strong: token('strong'),
    raised: token('raised'),
    buy: token('buy'),
    sell: token('sell'),
    buyFaint: token('buy', 0.28),
    sellFaint: token('sell', 0.28),
  };
}

/** Calls back whenever theme or palette change, which both are classes of <html>. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] });
  return () => observer.disconnect();
}
