/** Without a movement for so long nobody is taken to be there. */
const PRESENT_MS = 60_000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

let lastSign = Date.now();

/** Notes whatever a person at the page does; opening it is a sign too. */
export function watchAttendance(): void {
  const note = () => {
    lastSign = Date.now();
  };
  for (const sign of SIGNS) addEventListener(sign, note, { passive: true, capture: true });
}

/** When there was last a sign of somebody, in milliseconds since 1970. */
export const lastAttended = (): number => lastSign;

/** Whether the page does what it does by itself. */
export const unattended = (): boolean => Date.now() - lastSign > PRESENT_MS;
