import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import { cn } from '@/lib/cn';
import { SELECT_FACE, type SelectProps } from './select-face';

interface OpeningProps {
  /** Opened by the click that brought it. */
  defaultOpen?: boolean;
  autoFocus?: boolean;
}

export function Select<Value extends string>({
  value,
  onChange,
  options,
  className,
  defaultOpen = false,
  ...props
}: SelectProps<Value> & OpeningProps) {
  return (
    <Radix.Root value={value} defaultOpen={defaultOpen} onValueChange={(next) => onChange(next as Value)}>
      <Radix.Trigger {...props} className={cn(SELECT_FACE, className)}>
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
