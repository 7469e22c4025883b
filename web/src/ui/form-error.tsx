import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

/** What went wrong with the whole form; it stays until the next try. */
export function FormError({ children }: { children: ReactNode }) {
  if (children == null || children === '') return null;
  return (
    <p
      role="alert"
      className="flex items-start gap-2 rounded-control bg-sell/10 px-3 py-2.5 text-14 text-sell"
    >
      <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span className="min-w-0">{children}</span>
    </p>
  );
}
