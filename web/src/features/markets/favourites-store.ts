import { create } from 'zustand';
import { persist } from 'zustand/middleware';

interface Favourites {
  pairs: string[];
  toggle: (pair: string) => void;
}

/** Markets this person keeps at hand, on this device. */
export const useFavourites = create<Favourites>()(
  persist(
    (set) => ({
      pairs: [],
      toggle: (pair) =>
        set(({ pairs }) => ({
          pairs: pairs.includes(pair) ? pairs.filter((other) => other !== pair) : [...pairs, pair],
        })),
    }),
    { name: 'cv-favourites', partialize: ({ pairs }) => ({ pairs }) },
  ),
);
