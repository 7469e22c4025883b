import { GripVertical } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market } from '@/api/types';
import { cn } from '@/lib/cn';
import { toChartNumber } from '@/lib/decimal';
import { formatDecimal } from '@/lib/format';
import type { CandlePlot } from '../candle-plot';
import { keySteps, snapPrice, stepLine, type OrderLine } from './order-lines';
import { MoveBar } from './move-bar';

interface HandleProps {
  line: OrderLine;
  /** Where it is now: at its order, or where it is being moved to. */
  price: string;
  market: Market;
  plot: CandlePlot;
  onMove: (price: string) => void;
  /** Enter: now. */
  onConfirm: () => void;
  onBack: () => void;
}

function useLabel(market: Market): (line: OrderLine) => string {
  const { t } = useTranslation('trade');
  return ({ type, side, remaining, field }) => {
    const kind = type === 'limit' ? '' : `${t(field === 'price' ? 'type.limit' : `type.${type}`)} `;
    return `${kind}${t(`side.${side}`)} ${formatDecimal(remaining, { maxDecimals: market.qty_decimals })}`;
  };
}

/** Keeps an element at a price while the chart is dragged, zoomed or resized, without React. */
function useAtPrice(plot: CandlePlot, price: string) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = () => {
      const [node, y] = [element.current, plot.toY(price)];
      if (node === null) return;
      node.style.visibility = y === null ? 'hidden' : '';
      node.style.transform = `translateY(${y ?? 0}px) translateY(-50%)`;
      node.style.right = `${plot.axisWidth() + 4}px`;
    };
    place();
    return plot.onLayout(place);
  }, [plot, price]);
  return element;
}

/** The end of an order's line: dragged, or moved by the arrow keys. */
function OrderHandle({ line, price, market, plot, onMove, onConfirm, onBack }: HandleProps) {
  const { t } = useTranslation('trade');
  const label = useLabel(market)(line);
  const element = useAtPrice(plot, price);
  const top = useRef(0);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    top.current = event.clientY - (plot.toY(price) ?? 0);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const read = plot.toPrice(event.clientY - top.current);
    if (read !== null) onMove(snapPrice(read, market.tick_size));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps = keySteps(event.key, event.shiftKey);
    if (steps !== 0) onMove(stepLine(price, market.tick_size, steps));
    else if (event.key === 'Enter') onConfirm();
    else if (event.key === 'Escape') onBack();
    else return;
    event.preventDefault();
  };
  const tone = line.side === 'buy' ? 'border-buy text-buy' : 'border-sell text-sell';
  const look = 'absolute top-0 flex h-6 items-center rounded-[4px] border bg-panel num text-12 font-medium';
  if (!line.movable) {
    return (
      <div ref={element} className={cn(look, tone, 'pointer-events-none px-1.5 opacity-80')}>
        {label}
      </div>
    );
  }
  return (
    <div
      ref={element}
      role="slider"
      tabIndex={0}
      aria-label={t('move.handle', { order: label })}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={toChartNumber(price) * 10}
      aria-valuenow={toChartNumber(price)}
      aria-valuetext={`${formatDecimal(price, { decimals: market.price_decimals })} ${market.quote}`}
      title={t('move.hint')}
      data-testid={`line-${line.field}`}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      className={cn(look, tone, 'pointer-events-auto cursor-ns-resize touch-none pr-1.5 pl-0.5 select-none')}
    >
      <GripVertical className="size-3.5" aria-hidden />
      {label}
    </div>
  );
}

interface OrderHandlesProps {
  lines: readonly OrderLine[];
  market: Market;
  plot: CandlePlot;
}

/** Handles at the lines of own orders. Where one was moved, a bar asks before anything is sent. */
export function OrderHandles({ lines, market, plot }: OrderHandlesProps) {
  const [moved, setMoved] = useState<{ key: string; price: string } | null>(null);
  const [confirming, setConfirming] = useState(0);
  const line = lines.find(({ key }) => key === moved?.key);
  const priceOf = (each: OrderLine) => (each.key === moved?.key ? moved.price : each.price);
  const back = () => setMoved(null);
  useEffect(() => {
    // The drawn line goes along with its handle, and back when nothing comes of it.
    if (moved === null) return undefined;
    plot.moveLine(moved.key, moved.price);
    return () => {
      const home = lines.find(({ key }) => key === moved.key);
      if (home !== undefined) plot.moveLine(home.key, home.price);
    };
  }, [moved, lines, plot]);
  return (
    <>
      <div className="pointer-events-none absolute inset-0 z-10 overflow-hidden">
        {lines.map((each) => (
          <OrderHandle
            key={each.key}
            line={each}
            price={priceOf(each)}
            market={market}
            plot={plot}
            onMove={(price) => setMoved({ key: each.key, price })}
            onConfirm={() => setConfirming(confirming + 1)}
            onBack={back}
          />
        ))}
      </div>
      {moved !== null && line !== undefined && moved.price !== line.price && (
        <MoveBar line={line} price={moved.price} market={market} confirming={confirming} onDone={back} />
      )}
    </>
  );
}
