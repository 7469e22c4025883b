import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface TooltipProps {
  content: ReactNode;
  children: ReactNode;
  side?: 'top' | 'right' | 'bottom' | 'left';
}

function Tooltip({ content, children, side = 'top' }: TooltipProps) {
  return (
    <Radix.Provider delayDuration={300}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className="z-50 max-w-64 animate-appear rounded-control border border-line bg-raised px-2.5 py-1.5 text-12 text-strong shadow-float"
          >
            {content}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}

/** A word with a dotted line under it and its meaning behind it; reachable by keyboard. */
export function Term({ content, children }: Pick<TooltipProps, 'content' | 'children'>) {
  return (
    <Tooltip content={content}>
      <button
        type="button"
        className="cursor-help underline decoration-quiet/60 decoration-dotted underline-offset-4"
      >
        {children}
      </button>
    </Tooltip>
  );
}
