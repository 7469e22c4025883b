import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';

interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  text?: ReactNode;
  /** The one next step. */
  action?: ReactNode;
  className?: string;
}

/** Nothing here yet, and what to do about it. */
export function EmptyState({ icon, title, text, action, className }: EmptyStateProps) {
  return (
    <div className={cn('grid justify-items-center gap-1.5 px-6 py-10 text-center', className)}>
      {icon !== undefined && (
        <span className="mb-1.5 grid size-10 place-items-center rounded-full bg-raised text-quiet [&_svg]:size-5">
          {icon}
        </span>
      )}
      <p className="text-14 font-medium text-strong">{title}</p>
      {text !== undefined && <p className="max-w-sm text-14 text-balance text-quiet">{text}</p>}
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  );
}
