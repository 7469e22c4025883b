import { Star } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { useFavourites } from './favourites-store';

interface FavouriteButtonProps {
  pair: string;
  className?: string;
  /** Where one market is the subject of the page. */
  hotkey?: string;
}

/** Keeps a market at hand; at once, because it is only this device's business. */
export function FavouriteButton({ pair, className, hotkey }: FavouriteButtonProps) {
  const { t } = useTranslation('markets');
  const chosen = useFavourites((store) => store.pairs.includes(pair));
  const toggle = useFavourites((store) => store.toggle);
  return (
    <button
      type="button"
      aria-pressed={chosen}
      aria-keyshortcuts={hotkey}
      aria-label={t(chosen ? 'unfavourite' : 'favourite', { pair })}
      onClick={(event) => {
        event.stopPropagation();
        toggle(pair);
      }}
      className={cn(
        'inline-grid size-8 touch-target shrink-0 place-items-center rounded-control hover:bg-raised',
        chosen ? 'text-warn' : 'text-quiet hover:text-strong',
        className,
      )}
    >
      <Star className={cn('size-4', chosen && 'fill-current')} aria-hidden />
    </button>
  );
}
