import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';

interface SegmentedProps<Value extends string> {
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: ReactNode; 'aria-label'?: string }[];
  'aria-label': string;
  className?: string;
}

/** One of a few, all in view; arrow keys move between them. */
export function Segmented<Value extends string>({
  value,
  onChange,
  options,
  className,
  ...props
}: SegmentedProps<Value>) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={(next) => {
        if (next !== '') onChange(next as Value);
      }}
      className={cn('inline-flex rounded-control bg-raised p-0.5', className)}
      {...props}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          aria-label={option['aria-label']}
          className="inline-flex h-7 touch-target flex-1 items-center justify-center gap-1.5 rounded-[5px] px-2.5 text-13 font-medium whitespace-nowrap text-quiet transition-colors hover:text-strong data-[state=on]:bg-panel data-[state=on]:text-strong data-[state=on]:shadow-[0_1px_2px_var(--shadow)] [&_svg]:size-4 [&_svg]:shrink-0"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
