import { Minus, Plus } from 'lucide-react';
import { useId } from 'react';
import { cn } from '@/lib/cn';
import { realOf } from '@/lib/paper';

interface TicketFieldProps {
  label: string;
  unit: string;
  value: string;
  onChange: (value: string) => void;
  /** Extra decimals are not accepted, so a price or amount is never between steps. */
  decimals: number;
  invalid: boolean;
  describedBy?: string;
  placeholder?: string;
  hotkey?: string;
  /** Takes the focus when it appears. */
  focused?: boolean;
  steps?: { up: string; down: string; onStep: (steps: number) => void };
}

/** Keeps digits and one separator, and no more decimals than the market knows. */
export function cleanAmount(text: string, decimals: number): string {
  const [whole = '', ...rest] = text
    .replace(/[^\d.,]/g, '')
    .replace(/,/g, '.')
    .split('.');
  if (rest.length === 0) return whole;
  return decimals === 0 ? whole : `${whole === '' ? '0' : whole}.${rest.join('').slice(0, decimals)}`;
}

function StepButton({
  label,
  onClick,
  children,
}: {
  label: string;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onClick}
      className="grid h-full w-8 shrink-0 place-items-center text-quiet hover:bg-raised hover:text-strong focus-visible:-outline-offset-2 pointer-coarse:w-10 [&_svg]:size-3.5"
    >
      {children}
    </button>
  );
}

/** A figure with its name at the left and its unit at the right; arrow keys step the price. */
export function TicketField({ label, unit, value, onChange, decimals, steps, ...props }: TicketFieldProps) {
  const id = useId();
  return (
    <div
      className={cn(
        'flex h-9 items-center overflow-hidden rounded-control border border-line bg-bg transition-colors focus-within:border-brand focus-within:ring-2 focus-within:ring-brand/25 pointer-coarse:h-11',
        props.invalid && 'border-sell',
      )}
    >
      <label htmlFor={id} className="flex h-full items-center pl-3 text-13 whitespace-nowrap text-quiet">
        {label}
      </label>
      <input
        id={id}
        inputMode="decimal"
        autoComplete="off"
        value={value}
        placeholder={props.placeholder}
        autoFocus={props.focused}
        aria-keyshortcuts={props.hotkey}
        aria-invalid={props.invalid || undefined}
        aria-describedby={props.describedBy}
        onChange={(event) => onChange(cleanAmount(event.target.value, decimals))}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
          if (steps === undefined || step === 0) return;
          event.preventDefault();
          steps.onStep(event.shiftKey ? step * 10 : step);
        }}
        className="h-full w-0 min-w-0 flex-1 bg-transparent px-2 text-right num text-14 font-medium text-strong outline-none placeholder:font-normal placeholder:text-quiet"
      />
      <span className={cn('pr-3 text-13 text-quiet', steps !== undefined && '@max-[15rem]:hidden')}>
        {realOf(unit)}
      </span>
      {steps !== undefined && (
        <span className="flex h-full divide-x divide-line border-l border-line">
          <StepButton label={steps.down} onClick={() => steps.onStep(-1)}>
            <Minus aria-hidden />
          </StepButton>
          <StepButton label={steps.up} onClick={() => steps.onStep(1)}>
            <Plus aria-hidden />
          </StepButton>
        </span>
      )}
    </div>
  );
}
