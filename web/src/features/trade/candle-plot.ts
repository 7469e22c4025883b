import {
  CandlestickSeries,
  ColorType,
  createChart,
  CrosshairMode,
  HistogramSeries,
  LineStyle,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type MouseEventParams,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Candle } from '@/api/types';
import { toChartNumber } from '@/lib/decimal';
import { formatDecimal } from '@/lib/format';
import type { ChartColours } from './chart-colours';
import type { OrderLine } from './order-lines/order-lines';

/** Bars nearer to the left edge than this ask for older ones. */
const HISTORY_MARGIN = 30;
/** How near to an edge of the chart a handle may stand, in pixels. */
const EDGE = 14;
const FONT = "'Inter Variable', sans-serif";

interface PlotLook {
  decimals: number;
  plain: boolean;
}

interface PlotEvents {
  /** The candle under the pointer by open time, or null when the pointer left. */
  onHover: (openTime: number | null) => void;
  onNeedHistory: () => void;
}

/** Axes are labelled in the reader's zone, which the library reaches by shifted timestamps. */
function toTime(openTime: number): UTCTimestamp {
  const shift = new Date(openTime).getTimezoneOffset() * 60;
  return (openTime / 1000 - shift) as UTCTimestamp;
}

/** The library's side of the candle chart: everything imperative is in here, floats too. */
export class CandlePlot {
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<'Candlestick'>;
  readonly #volumes: ISeriesApi<'Histogram'>;
  readonly #openTimes = new Map<number, number>();
  #colours: ChartColours;
  #first = 0;
  #orderLines: readonly OrderLine[] = [];
  readonly #drawnLines = new Map<string, IPriceLine>();
  readonly #layoutListeners = new Set<() => void>();

  constructor(
    element: HTMLElement,
    colours: ChartColours,
    { decimals, plain }: PlotLook,
    events: PlotEvents,
  ) {
    this.#colours = colours;
    const priceFormatter = (price: number) => formatDecimal(price.toFixed(decimals), { decimals });
    this.#chart = createChart(element, {
      autoSize: true,
      localization: { priceFormatter },
      // The library asks to be named once on a page.
      layout: { attributionLogo: !plain },
    });
    this.#candles = this.#chart.addSeries(CandlestickSeries, {
      priceFormat: { type: 'price', precision: decimals, minMove: 10 ** -decimals },
    });
    this.#volumes = this.#chart.addSeries(HistogramSeries, {
      priceFormat: { type: 'volume' },
      priceScaleId: '',
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.#volumes.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
    this.#candles.priceScale().applyOptions({ scaleMargins: { top: 0.1, bottom: 0.2 } });
    this.#candles.attachPrimitive({
      updateAllViews: () => {
        for (const changed of this.#layoutListeners) changed();
      },
    });
    this.setColours(colours);
    this.#listen(events);
  }

  #listen({ onHover, onNeedHistory }: PlotEvents): void {
    this.#chart.subscribeCrosshairMove(({ time }: MouseEventParams) => {
      onHover(typeof time === 'number' ? (this.#openTimes.get(time) ?? null) : null);
    });
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range !== null && range.from < HISTORY_MARGIN && this.#openTimes.size > 0) onNeedHistory();
    });
  }

  setColours(colours: ChartColours): void {
    this.#colours = colours;
    const label = { labelBackgroundColor: colours.raised, color: colours.quiet };
    this.#chart.applyOptions({
      layout: {
        background: { type: ColorType.Solid, color: colours.panel },
        textColor: colours.quiet,
        fontFamily: FONT,
        fontSize: 11,
      },
      grid: {
        vertLines: { color: colours.line, style: LineStyle.SparseDotted },
        horzLines: { color: colours.line, style: LineStyle.SparseDotted },
      },
      rightPriceScale: { borderVisible: false },
      timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false, rightOffset: 4 },
      crosshair: { mode: CrosshairMode.Normal, vertLine: label, horzLine: label },
    });
    this.#candles.applyOptions({
      upColor: colours.buy,
      downColor: colours.sell,
      wickUpColor: colours.buy,
      wickDownColor: colours.sell,
      borderVisible: false,
    });
    this.setOrderLines(this.#orderLines);
  }

  #toBars(candle: Candle) {
    const time = toTime(candle.open_time);
    this.#openTimes.set(time, candle.open_time);
    const [open, close] = [toChartNumber(candle.open), toChartNumber(candle.close)];
    return {
      candle: { time, open, close, high: toChartNumber(candle.high), low: toChartNumber(candle.low) },
      volume: {
        time,
        value: toChartNumber(candle.volume),
        color: close >= open ? this.#colours.buyFaint : this.#colours.sellFaint,
      },
    };
  }

  /** Replaces everything; history put in front keeps the bars in view where they are. */
  setCandles(candles: readonly Candle[]): void {
    const first = candles[0]?.open_time ?? 0;
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    const added = this.#first === 0 ? -1 : candles.findIndex((candle) => candle.open_time === this.#first);
    const bars = candles.map((candle) => this.#toBars(candle));
    this.#candles.setData(bars.map((bar) => bar.candle));
    this.#volumes.setData(bars.map((bar) => bar.volume));
    this.#first = first;
    if (range !== null && added > 0) {
      this.#chart.timeScale().setVisibleLogicalRange({ from: range.from + added, to: range.to + added });
    }
  }

  /** Changes the last candle or adds the next one. */
  update(candle: Candle): void {
    const bars = this.#toBars(candle);
    this.#candles.update(bars.candle);
    this.#volumes.update(bars.volume);
  }

  setOrderLines(lines: readonly OrderLine[]): void {
    this.#orderLines = lines;
    for (const drawn of this.#drawnLines.values()) this.#candles.removePriceLine(drawn);
    this.#drawnLines.clear();
    for (const { key, price, side, field } of lines) {
      const drawn = this.#candles.createPriceLine({
        price: toChartNumber(price),
        color: side === 'buy' ? this.#colours.buy : this.#colours.sell,
        lineStyle: field === 'price' ? LineStyle.LargeDashed : LineStyle.Dotted,
        lineWidth: 1,
        axisLabelVisible: true,
      });
      this.#drawnLines.set(key, drawn);
    }
  }

  /** Draws a line elsewhere while it is being moved. */
  moveLine(key: string, price: string): void {
    this.#drawnLines.get(key)?.applyOptions({ price: toChartNumber(price) });
  }

  /** Pixels from the top of the chart, at its edge for a price beyond it; null while there is no scale yet. */
  toY(price: string): number | null {
    const y = this.#candles.priceToCoordinate(toChartNumber(price));
    const bottom = this.#chart.paneSize().height - EDGE;
    return y === null ? null : Math.min(Math.max(y, EDGE), bottom);
  }

  /** The price at a height, as a decimal that is not on a step yet. */
  toPrice(y: number): string | null {
    const price = this.#candles.coordinateToPrice(y);
    return price === null || price <= 0 ? null : price.toFixed(12);
  }

  axisWidth(): number {
    return this.#chart.priceScale('right').width();
  }

  /** Calls back whenever prices may stand elsewhere on the screen than before. */
  onLayout(changed: () => void): () => void {
    this.#layoutListeners.add(changed);
    return () => this.#layoutListeners.delete(changed);
  }

  remove(): void {
    this.#chart.remove();
  }
}
