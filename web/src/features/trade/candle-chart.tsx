import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Candle, CandleInterval, Market } from '@/api/types';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { CandleLegend } from './candle-legend';
import { CandlePlot } from './candle-plot';
import { onThemeChange, readChartColours } from './chart-colours';
import { OrderHandles } from './order-lines/order-handles';
import type { OrderLine } from './order-lines/order-lines';
import { useCandles } from './use-candles';
import { useLiveCandle } from './use-live-candle';

interface CandleChartProps {
  market: Market;
  interval: CandleInterval;
  orderLines: readonly OrderLine[];
  /** A small chart beside others: without figures over the candles. */
  plain?: boolean;
}

/** Candles and volume of one market; mount it anew for another market or interval. */
export default function CandleChart({ market, interval, orderLines, plain = false }: CandleChartProps) {
  const { t } = useTranslation('trade');
  const { candles, isError, refetch, loadOlder } = useCandles(market.symbol, interval);
  const host = useRef<HTMLDivElement>(null);
  const [plot, setPlot] = useState<CandlePlot | null>(null);
  const needHistory = useRef(loadOlder);
  const [hovered, setHovered] = useState<number | null>(null);
  const [live, setLive] = useState<Candle | null>(null);

  useEffect(() => {
    needHistory.current = loadOlder;
  }, [loadOlder]);

  useEffect(() => {
    if (host.current === null) return undefined;
    const made = new CandlePlot(
      host.current,
      readChartColours(),
      { decimals: market.price_decimals, plain },
      {
        onHover: setHovered,
        onNeedHistory: () => void needHistory.current(),
      },
    );
    setPlot(made);
    const stop = onThemeChange(() => made.setColours(readChartColours()));
    return () => {
      stop();
      setPlot(null);
      made.remove();
    };
  }, [market.price_decimals, plain]);

  useEffect(() => {
    if (candles !== undefined) plot?.setCandles(candles);
  }, [plot, candles]);

  useEffect(() => {
    plot?.setOrderLines(orderLines);
  }, [plot, orderLines]);

  const update = useCallback(
    (candle: Candle) => {
      plot?.update(candle);
      setLive(candle);
    },
    [plot],
  );
  useLiveCandle(market.symbol, interval, candles, update);

  const shown = candles?.find((candle) => candle.open_time === hovered) ?? live ?? candles?.at(-1);
  return (
    <figure className="relative h-full" aria-label={t('chart.label', { pair: market.symbol, interval })}>
      <div ref={host} className="absolute inset-0" />
      {shown && !plain && <CandleLegend candle={shown} market={market} />}
      {plot !== null && orderLines.length > 0 && (
        <OrderHandles lines={orderLines} market={market} plot={plot} />
      )}
      <div className="pointer-events-none absolute inset-0 grid place-items-center *:pointer-events-auto empty:hidden">
        {isError && candles === undefined && (
          <ErrorState
            title={t('chart.failed')}
            retryLabel={t('chart.retry')}
            onRetry={() => void refetch()}
          />
        )}
        {candles?.length === 0 && live === null && <EmptyState title={t('chart.empty')} />}
      </div>
    </figure>
  );
}
