import type { ReactNode } from 'react';
import { create } from 'zustand';

type Kind = 'success' | 'error' | 'info';

interface ToastItem {
  id: number;
  kind: Kind;
  title: ReactNode;
  text?: ReactNode;
}

const LIMIT = 4;
let lastId = 0;

/** What is being said now. */
export const useToasts = create<{ items: ToastItem[] }>()(() => ({ items: [] }));

function show(kind: Kind, title: ReactNode, text?: ReactNode): void {
  lastId += 1;
  const item: ToastItem = { id: lastId, kind, title, text };
  useToasts.setState(({ items }) => ({ items: [...items, item].slice(-LIMIT) }));
}

/** Says in passing what happened; never the only place where an error is shown. */
export const toast = {
  success: (title: ReactNode, text?: ReactNode) => show('success', title, text),
  error: (title: ReactNode, text?: ReactNode) => show('error', title, text),
  info: (title: ReactNode, text?: ReactNode) => show('info', title, text),
};

export function removeToast(id: number): void {
  useToasts.setState(({ items }) => ({ items: items.filter((item) => item.id !== id) }));
}
