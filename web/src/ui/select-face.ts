import type { ReactNode } from 'react';

export interface Option<Value extends string> {
  value: Value;
  label: ReactNode;
}

export interface SelectProps<Value extends string> {
  value: Value;
  onChange: (value: Value) => void;
  options: readonly Option<Value>[];
  id?: string;
  'aria-label'?: string;
  className?: string;
}

/** How the closed list looks. */
export const SELECT_FACE =
  'inline-flex h-9 touch-target items-center justify-between gap-2 rounded-control border border-line bg-panel px-3 text-14 text-strong hover:bg-raised';
