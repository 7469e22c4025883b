import { env } from '@/lib/env';

/** The name gives way on a narrow screen where the entrance buttons need its place. */
export function Logo({ compact }: { compact: boolean }) {
  return (
    <span className="flex items-center gap-2.5 text-16 font-semibold tracking-tight text-strong">
      <svg viewBox="0 0 32 32" aria-hidden className="size-6 text-brand-fill">
        <rect width="32" height="32" rx="7" fill="currentColor" />
        <path
          d="M22 11.5A7.5 7.5 0 1 0 22 20.5"
          fill="none"
          stroke="var(--on-brand)"
          strokeWidth="3"
          strokeLinecap="round"
        />
        <circle cx="16" cy="16" r="2.5" fill="var(--on-brand)" />
      </svg>
      <span className={compact ? 'hidden sm:inline' : undefined}>{env.appName}</span>
    </span>
  );
}
