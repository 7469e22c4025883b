import { ChevronDown } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { cn } from '@/lib/cn';
import { useIdle } from '@/lib/use-idle';
import { SELECT_FACE, type SelectProps } from './select-face';

const Real = lazy(async () => ({ default: (await import('./select')).Select }));

/** A select whose list comes when the page has been painted; until then it looks and opens the same. */
export function LaterSelect<Value extends string>(props: SelectProps<Value>) {
  const idle = useIdle();
  const [wanted, setWanted] = useState(false);
  const [focused, setFocused] = useState(false);
  const { options, value, onChange, className, ...named } = props;
  const face = (
    <button
      {...named}
      type="button"
      role="combobox"
      aria-expanded={false}
      aria-controls=""
      onClick={() => setWanted(true)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      className={cn(SELECT_FACE, className)}
    >
      <span>{options.find((option) => option.value === value)?.label}</span>
      <ChevronDown className="size-4 text-quiet" aria-hidden />
    </button>
  );
  if (!idle && !wanted) return face;
  return (
    <Suspense fallback={face}>
      <Real
        {...{ options, value, className, ...named }}
        onChange={(next) => onChange(next as Value)}
        defaultOpen={wanted}
        autoFocus={focused || wanted}
      />
    </Suspense>
  );
}
