import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';

interface ItemRowProps {
  icon?: ReactNode;
  title: ReactNode;
  text?: ReactNode;
  /** Acts at the right, or below on a phone. */
  children?: ReactNode;
  className?: string;
}

/** One thing of a list: what it is, what is known of it, what can be done with it. */
export function ItemRow({ icon, title, text, children, className }: ItemRowProps) {
  return (
    <li className={cn('flex items-start gap-4 border-t border-line px-4 py-3 first:border-t-0', className)}>
      {icon !== undefined && (
        <span className="grid size-9 shrink-0 place-items-center rounded-full bg-raised text-quiet [&_svg]:size-4.5">
          {icon}
        </span>
      )}
      <div className="flex min-h-9 min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-2.5">
        <div className="grid min-w-40 flex-1 gap-0.5">
          <div className="flex flex-wrap items-center gap-2 font-medium wrap-anywhere text-strong">
            {title}
          </div>
          {text !== undefined && <div className="text-13 wrap-anywhere text-quiet">{text}</div>}
        </div>
        {children !== undefined && <div className="flex flex-wrap items-center gap-2">{children}</div>}
      </div>
    </li>
  );
}
