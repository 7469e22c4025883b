import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type Theme = 'system' | 'light' | 'dark';
type Palette = 'standard' | 'colour-blind';

interface Preferences {
  theme: Theme;
  palette: Palette;
  hideSmallBalances: boolean;
  hideAmounts: boolean;
  lastPair: string;
  set: (change: Partial<Omit<Preferences, 'set'>>) => void;
}

/** What this person likes on this device. public/first.js reads the same key before the first paint. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: 'system',
      palette: 'standard',
      hideSmallBalances: false,
      hideAmounts: false,
      lastPair: 'BTC-USDT',
      set: (change) => {
        set(change);
      },
    }),
    { name: 'cv-preferences' },
  ),
);

const systemDark = () => matchMedia('(prefers-color-scheme: dark)');

function apply({ theme, palette }: Pick<Preferences, 'theme' | 'palette'>): void {
  const root = document.documentElement;
  root.classList.toggle('dark', theme === 'dark' || (theme === 'system' && systemDark().matches));
  root.classList.toggle('colour-blind', palette === 'colour-blind');
}

/** Keeps the classes on <html> equal to the preferences and to the system's own theme. */
export function followPreferences(): void {
  apply(usePreferences.getState());
  usePreferences.subscribe(apply);
  systemDark().addEventListener('change', () => apply(usePreferences.getState()));
}
