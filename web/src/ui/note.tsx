import { Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';

const TONES = {
  info: { box: 'bg-info/10', mark: <Info className="mt-0.5 size-4 shrink-0 text-info" aria-hidden /> },
  warn: {
    box: 'bg-warn/12',
    mark: <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />,
  },
};

interface NoteProps {
  tone?: keyof typeof TONES;
  children: ReactNode;
  className?: string;
}

/** Something to know before going on. */
export function Note({ tone = 'info', children, className }: NoteProps) {
  return (
    <div
      className={cn(
        'flex items-start gap-2.5 rounded-control px-3 py-2.5 text-14 text-normal',
        TONES[tone].box,
        className,
      )}
    >
      {TONES[tone].mark}
      <div className="min-w-0">{children}</div>
    </div>
  );
}
