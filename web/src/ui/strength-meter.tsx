import { cn } from '@/lib/cn';

const FILLS = ['bg-sell', 'bg-warn', 'bg-info', 'bg-buy'] as const;

interface StrengthMeterProps {
  /** 0: nothing typed; 1 (weak) to 4 (strong). */
  level: number;
  label: string;
  /** The level in words; colour is never the only carrier. */
  text: string;
}

/** Four bars that fill while a password is typed. */
export function StrengthMeter({ level, label, text }: StrengthMeterProps) {
  return (
    <div className="grid gap-1">
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={4}
        aria-valuenow={level}
        aria-valuetext={text}
        className="grid grid-cols-4 gap-1"
      >
        {FILLS.map((_, index) => (
          <span
            key={index}
            className={cn(
              'h-1 rounded-full bg-raised transition-colors',
              index < level && FILLS[Math.min(level, FILLS.length) - 1],
            )}
          />
        ))}
      </div>
      <span aria-live="polite" className="min-h-4.5 text-13 text-quiet">
        {text}
      </span>
    </div>
  );
}
