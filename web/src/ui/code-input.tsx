import { useState, type ComponentProps } from 'react';
import { cn } from '@/lib/cn';

export const CODE_LENGTH = 6;

interface CodeInputProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange'> {
  value: string;
  onChange: (code: string) => void;
}

/** Six boxes drawn over one real input: paste, autofill from the mail and screen readers work as they always do. */
export function CodeInput({ value, onChange, className, ...props }: CodeInputProps) {
  const [focused, setFocused] = useState(false);
  return (
    <div className={cn('relative', className)}>
      <input
        {...props}
        value={value}
        onChange={(event) => onChange(event.target.value.replace(/\D/g, '').slice(0, CODE_LENGTH))}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        inputMode="numeric"
        autoComplete="one-time-code"
        className="absolute inset-0 z-10 w-full cursor-text rounded-control bg-transparent text-transparent caret-transparent outline-none selection:bg-transparent"
      />
      <div aria-hidden className="grid grid-cols-6 gap-2">
        {Array.from({ length: CODE_LENGTH }, (_, index) => (
          <span
            key={index}
            className={cn(
              'grid h-13 place-items-center rounded-control border bg-panel font-mono num text-20 text-strong',
              focused &&
                index === Math.min(value.length, CODE_LENGTH - 1) &&
                'border-brand ring-2 ring-brand/25',
              props['aria-invalid'] === true && 'border-sell',
            )}
          >
            {value[index]}
          </span>
        ))}
      </div>
    </div>
  );
}
