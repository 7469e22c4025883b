import {
  Fragment,
  useCallback,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { cn } from '@/lib/cn';
import { moveLine, readSizes } from './split-sizes';

interface Pane {
  key: string;
  /** Share of the room before anybody moved a line, in per cent. */
  share: number;
  /** Pixels it keeps. */
  least: number;
  content: ReactNode;
}

interface SplitProps {
  /** Under which the sizes are remembered on this device. */
  id: string;
  /** Side by side, or below each other. */
  direction: 'row' | 'column';
  panes: readonly Pane[];
  /** The name of each line between two panes. */
  lines: readonly string[];
  className?: string;
}

const STEP = 2;

function useSizes(id: string, panes: readonly Pane[]) {
  const key = `cv-split-${id}`;
  const [sizes, setSizes] = useState(
    () => readSizes(localStorage.getItem(key), panes.length) ?? panes.map(({ share }) => share),
  );
  const remember = useCallback(
    (next: number[]) => {
      setSizes(next);
      localStorage.setItem(key, JSON.stringify(next.map((size) => Math.round(size * 100) / 100)));
    },
    [key],
  );
  return [sizes, remember] as const;
}

interface LineProps {
  label: string;
  upright: boolean;
  share: number;
  /** By some pixels; keys give steps of the room instead. */
  onDrag: (pixels: number) => void;
  onStep: (percent: number) => void;
  onReset: () => void;
}

/** The gap between two panes is the handle: it shows itself when it can be moved, by pointer or by arrow keys. */
function Line({ label, upright, share, onDrag, onStep, onReset }: LineProps) {
  const from = useRef<number | null>(null);
  const place = (event: PointerEvent) => (upright ? event.clientX : event.clientY);
  const onKeyDown = (event: KeyboardEvent) => {
    const [back, on] = upright ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const by = { [back]: -STEP, [on]: STEP, Home: -100, End: 100 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onStep(by);
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={upright ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(share)}
      onKeyDown={onKeyDown}
      onDoubleClick={onReset}
      onPointerDown={(event) => {
        from.current = place(event);
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (from.current === null) return;
        onDrag(place(event) - from.current);
        from.current = place(event);
      }}
      onLostPointerCapture={() => {
        from.current = null;
      }}
      className={cn(
        'relative shrink-0 touch-none rounded-full outline-offset-0 transition-colors after:absolute hover:bg-brand/50 active:bg-brand/70',
        upright
          ? 'mx-0.5 my-2 w-0.5 cursor-col-resize after:-inset-x-1 after:inset-y-0'
          : 'mx-2 my-0.5 h-0.5 cursor-row-resize after:inset-x-0 after:-inset-y-1',
      )}
    />
  );
}

/** Panes with lines between them that can be moved; a double click puts all of them back. */
export function Split({ id, direction, panes, lines, className }: SplitProps) {
  const room = useRef<HTMLDivElement>(null);
  const [sizes, setSizes] = useSizes(id, panes);
  const upright = direction === 'row';
  const pixels = () => {
    const box = room.current?.getBoundingClientRect();
    return Math.max((upright ? box?.width : box?.height) ?? 0, 1);
  };
  const move = (line: number, percent: number) => {
    const least = panes.map((pane) => (pane.least / pixels()) * 100);
    setSizes(moveLine(sizes, line, percent, least));
  };
  const style = (pane: Pane, index: number): CSSProperties => ({
    flex: `${sizes[index] ?? pane.share} 1 0`,
    [upright ? 'minWidth' : 'minHeight']: pane.least,
  });
  return (
    <div ref={room} className={cn('flex size-full min-h-0 min-w-0', !upright && 'flex-col', className)}>
      {panes.map((pane, index) => (
        <Fragment key={pane.key}>
          {index > 0 && (
            <Line
              label={lines[index - 1] ?? ''}
              upright={upright}
              share={sizes[index - 1] ?? 0}
              onDrag={(by) => move(index - 1, (by / pixels()) * 100)}
              onStep={(percent) => move(index - 1, percent)}
              onReset={() => setSizes(panes.map(({ share }) => share))}
            />
          )}
          <div style={style(pane, index)} className="min-h-0 min-w-0 overflow-hidden">
            {pane.content}
          </div>
        </Fragment>
      ))}
    </div>
  );
}
