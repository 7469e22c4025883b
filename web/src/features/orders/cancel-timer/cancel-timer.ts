import { create } from 'zustand';
import { toApiError } from '@/api/errors';
import { setCancelTimer } from '@/api/orders';

/** Offered lengths. Browsers wake a hidden page only once a minute, so nothing shorter than two is safe. */
export const LENGTHS_MINUTES = [2, 5, 15, 60] as const;

const WIND_MS = 30_000;
const STORAGE_KEY = 'cv-cancel-timer';

interface CancelTimer {
  /** 0: off. */
  minutes: number;
  /** What the exchange has answered last; null where nothing is armed. */
  cancelsAt: string | null;
  /** Winding it up did not work the last time. */
  failing: boolean;
}

/** The cancel timer this page keeps wound up: on every page of the app, as long as it is open. */
export const useCancelTimer = create<CancelTimer>()(() => ({ minutes: 0, cancelsAt: null, failing: false }));

let winding: ReturnType<typeof setInterval> | undefined;

/** Answers false where the session is over: then there is nothing left to wind. */
async function wind(minutes: number): Promise<boolean> {
  try {
    const { cancels_at: cancelsAt } = await setCancelTimer(minutes * 60_000);
    useCancelTimer.setState({ cancelsAt, failing: false });
    return true;
  } catch (error) {
    useCancelTimer.setState({ failing: true });
    return toApiError(error).status !== 401;
  }
}

function stopWinding(): void {
  clearInterval(winding);
  winding = undefined;
}

/** Arms the timer and keeps winding it up, or with 0 disarms it. */
export async function chooseCancelTimer(minutes: number): Promise<void> {
  stopWinding();
  sessionStorage.setItem(STORAGE_KEY, `${minutes}`);
  useCancelTimer.setState({ minutes });
  const known = await wind(minutes);
  if (!known || minutes === 0 || useCancelTimer.getState().minutes !== minutes) return;
  stopWinding();
  winding = setInterval(() => {
    void wind(minutes).then((alive) => {
      if (!alive) stopWinding();
    });
  }, WIND_MS);
}

/** After a reload of the page what was armed goes on being wound up. */
export function resumeCancelTimer(): void {
  const minutes = Number(sessionStorage.getItem(STORAGE_KEY));
  if (minutes > 0 && winding === undefined) void chooseCancelTimer(minutes);
}

/** Minutes and seconds until a moment, never negative: "4:05". Pure. */
export function formatLeft(moment: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(moment) - now) / 1000));
  return `${Math.floor(seconds / 60)}:${(seconds % 60).toString().padStart(2, '0')}`;
}
