import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';

interface Option<Value extends string> {
  value: Value;
  label: ReactNode;
}

interface SelectProps<Value extends string> {
  value: Value;
  onChange: (value: Value) => void;
  options: readonly Option<Value>[];
  id?: string;
  'aria-label'?: string;
  className?: string;
}

export function Select<Value extends string>({
  value,
  onChange,
  options,
  className,
  ...props
}: SelectProps<Value>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as Value)}>
      <Radix.Trigger
        {...props}
        className={cn(
          'inline-flex h-9 touch-target items-center justify-between gap-2 rounded-control border border-line bg-panel px-3 text-14 text-strong hover:bg-raised',
          className,
        )}
      >
        <Radix.Value />
        <ChevronDown className="size-4 text-quiet" aria-hidden />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) animate-appear overflow-hidden rounded-panel border border-line bg-panel p-1 shadow-float"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className="flex h-8 touch-target cursor-pointer items-center justify-between gap-6 rounded-control px-2 text-14 text-normal outline-none select-none data-highlighted:bg-raised data-highlighted:text-strong"
              >
                <Radix.ItemText>{option.label}</Radix.ItemText>
                <Radix.ItemIndicator>
                  <Check className="size-4 text-brand" aria-hidden />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
