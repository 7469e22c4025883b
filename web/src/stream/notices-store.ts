import { create } from 'zustand';
import type { Notice } from '../api/types';

interface Notices {
  /** What came last over the live connection. */
  latest: Notice | null;
}

export const useNotices = create<Notices>()(() => ({ latest: null }));

export function setNoticeRaw(latest: Notice): void {
  useNotices.setState({ latest });
}
