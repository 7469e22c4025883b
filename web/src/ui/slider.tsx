import { Slider as Radix } from 'radix-ui';
import { cn } from '@/lib/cn';

interface SliderProps {
  value: number;
  onChange: (value: number) => void;
  max?: number;
  step?: number;
  /** Positions drawn as dots on the track. */
  marks?: readonly number[];
  'aria-label': string;
  disabled?: boolean;
  className?: string;
}

export function Slider({
  value,
  onChange,
  max = 100,
  step = 1,
  marks = [],
  className,
  ...props
}: SliderProps) {
  return (
    <Radix.Root
      value={[value]}
      onValueChange={([next]) => onChange(next ?? 0)}
      max={max}
      step={step}
      disabled={props.disabled}
      className={cn(
        'relative flex h-6 touch-none items-center select-none data-disabled:opacity-50',
        className,
      )}
    >
      <Radix.Track className="relative h-1 grow rounded-full bg-line">
        <Radix.Range className="absolute h-full rounded-full bg-brand" />
        {marks.map((mark) => (
          <span
            key={mark}
            aria-hidden
            className={cn(
              'absolute top-1/2 size-2 -translate-1/2 rounded-full border-2 border-panel',
              mark <= value ? 'bg-brand' : 'bg-quiet',
            )}
            style={{ left: `${(mark / max) * 100}%` }}
          />
        ))}
      </Radix.Track>
      <Radix.Thumb
        aria-label={props['aria-label']}
        className="relative block size-4 rounded-full border-2 border-brand bg-panel after:absolute after:-inset-3"
      />
    </Radix.Root>
  );
}
