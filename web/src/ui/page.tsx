import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';

interface PageProps {
  title: string;
  /** Stands at the right of the title. */
  actions?: ReactNode;
  /** For pages to read rather than to work at. */
  narrow?: boolean;
  children: ReactNode;
}

/** The frame of an ordinary page: title, actions, panels below each other. */
export function Page({ title, actions, narrow, children }: PageProps) {
  return (
    <div
      className={cn(
        'mx-auto grid w-full content-start gap-4 px-4 py-5 md:px-6',
        narrow === true ? 'max-w-3xl' : 'max-w-6xl',
      )}
    >
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-3">
        <h1 className="text-20 font-semibold tracking-tight">{title}</h1>
        {actions}
      </div>
      {children}
    </div>
  );
}
