import { create } from 'zustand';
import type { CandleInterval } from '@/api/types';
import { INTERVALS } from './merge-candles';

const STORAGE_KEY = 'cv-interval';

function saved(): CandleInterval {
  const known = localStorage.getItem(STORAGE_KEY);
  return INTERVALS.find((interval) => interval === known) ?? '5m';
}

/** The interval of all charts on the page, remembered on this device. */
export const useInterval = create<{ interval: CandleInterval }>()(() => ({ interval: saved() }));

export function chooseInterval(interval: CandleInterval): void {
  localStorage.setItem(STORAGE_KEY, interval);
  useInterval.setState({ interval });
}
