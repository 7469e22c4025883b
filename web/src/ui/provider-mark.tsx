import type { ReactNode } from 'react';

/** Plain letters instead of trademarked pictures. */
const MARKS: Record<'google' | 'github' | 'apple', ReactNode> = { google: 'G', github: 'GH', apple: 'A' };

export function ProviderMark({ provider }: { provider: keyof typeof MARKS }) {
  return (
    <span
      aria-hidden
      className="grid size-5 place-items-center rounded-full bg-raised text-[10px] font-semibold text-normal"
    >
      {MARKS[provider]}
    </span>
  );
}
