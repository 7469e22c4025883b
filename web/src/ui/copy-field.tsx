import { cn } from '@/lib/cn';
import { CopyButton } from './copy-button';

interface CopyFieldProps {
  label: string;
  value: string;
  /** As it is shown, where groups make it easier to type off. */
  shown?: string;
  copyLabel: string;
  copiedLabel: string;
  className?: string;
}

/** A value to take away: a key, a secret, an address. */
export function CopyField({ label, value, shown, copyLabel, copiedLabel, className }: CopyFieldProps) {
  return (
    <div className={cn('grid min-w-0 gap-1.5', className)}>
      <span className="text-13 font-medium text-normal">{label}</span>
      <div className="flex min-w-0 items-center gap-1 rounded-control border border-line bg-raised/60 py-0.5 pr-0.5 pl-3">
        <code className="min-w-0 flex-1 font-mono text-13 wrap-anywhere text-strong select-all">
          {shown ?? value}
        </code>
        <CopyButton text={value} label={copyLabel} copiedLabel={copiedLabel} />
      </div>
    </div>
  );
}
