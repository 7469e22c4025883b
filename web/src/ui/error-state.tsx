import { CircleAlert } from 'lucide-react';
import { Button } from './button';
import { cn } from '@/lib/cn';

interface ErrorStateProps {
  title: string;
  text?: string | undefined;
  retryLabel: string;
  onRetry: () => void;
  className?: string;
}

/** What happened, what it means, and the way to try again. */
export function ErrorState({ title, text, retryLabel, onRetry, className }: ErrorStateProps) {
  return (
    <div role="alert" className={cn('grid justify-items-center gap-1.5 px-6 py-10 text-center', className)}>
      <CircleAlert className="mb-1 size-5 text-warn" aria-hidden />
      <p className="text-14 font-medium text-strong">{title}</p>
      {text !== undefined && <p className="max-w-sm text-14 text-quiet">{text}</p>}
      <Button variant="secondary" size="sm" className="mt-3" onClick={onRetry}>
        {retryLabel}
      </Button>
    </div>
  );
}
