import { Search } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useId, useMemo, useState, type KeyboardEvent, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market } from '@/api/types';
import { cn } from '@/lib/cn';
import { AssetIcon } from '@/ui/asset-icon';
import { useFavourites } from './favourites-store';
import { MarketChange, MarketPrice } from './market-price';
import { selectMarkets } from './market-rows';

interface ListProps {
  markets: readonly Market[];
  onPick: (symbol: string) => void;
}

/** Favourites first, then by volume. */
function useFound(markets: readonly Market[], query: string): Market[] {
  const favourites = useFavourites((store) => store.pairs);
  return useMemo(() => {
    const found = selectMarkets(
      markets,
      { query, quote: '', only: null },
      { key: 'volume', descending: true },
    );
    const first = (market: Market) => Number(query.trim() === '' && favourites.includes(market.symbol));
    return found.sort((a, b) => first(b) - first(a));
  }, [markets, query, favourites]);
}

interface OptionProps {
  market: Market;
  id: string;
  active: boolean;
  onPick: (symbol: string) => void;
}

function PickerOption({ market, id, active, onPick }: OptionProps) {
  return (
    <li
      id={id}
      role="option"
      aria-selected={active}
      onClick={() => onPick(market.symbol)}
      ref={(element) => {
        if (active) element?.scrollIntoView({ block: 'nearest' });
      }}
      className={cn(
        'grid h-9 touch-target cursor-pointer grid-cols-[1fr_auto_5rem] items-center gap-4 rounded-control px-2 text-13 hover:bg-raised',
        active && 'bg-raised',
      )}
    >
      <span className="flex items-center gap-2">
        <AssetIcon symbol={market.base} size="sm" />
        <span className="font-medium text-strong">
          {market.base}
          <span className="font-normal text-quiet">/{market.quote}</span>
        </span>
      </span>
      <MarketPrice market={market} className="text-strong" />
      <MarketChange market={market} className="text-12" />
    </li>
  );
}

/** The list in the window; the field keeps the focus, arrow keys move the mark. */
function PickerList({ markets, onPick }: ListProps) {
  const { t } = useTranslation('trade');
  const [query, setQuery] = useState('');
  const [mark, setMark] = useState(0);
  const found = useFound(markets, query);
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const chosen = found[mark];
    if (event.key === 'Enter' && chosen !== undefined) onPick(chosen.symbol);
    if (step === 0) return;
    event.preventDefault();
    setMark((mark + step + found.length) % Math.max(found.length, 1));
  };
  return (
    <>
      <div className="flex h-11 items-center gap-2 border-b border-line px-3">
        <Search className="size-4 text-quiet" aria-hidden />
        <input
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={found[mark] && `${id}-${mark}`}
          aria-label={t('header.search')}
          placeholder={t('header.search')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setMark(0);
          }}
          onKeyDown={onKeyDown}
          className="h-full flex-1 bg-transparent text-14 text-strong outline-none placeholder:text-quiet"
        />
      </div>
      <ul id={id} role="listbox" aria-label={t('header.search')} className="max-h-96 overflow-y-auto p-1">
        {found.map((market, index) => (
          <PickerOption
            key={market.symbol}
            market={market}
            id={`${id}-${index}`}
            active={index === mark}
            onPick={onPick}
          />
        ))}
      </ul>
      {found.length === 0 && (
        <p className="px-3 pb-4 text-center text-13 text-quiet">{t('header.noMatch')}</p>
      )}
    </>
  );
}

interface PickerPanelProps extends ListProps {
  /** The button it belongs to. */
  button: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

/** A searchable list of markets below a button. */
export default function PickerPanel({ button, onClose, ...list }: PickerPanelProps) {
  const { t } = useTranslation('trade');
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor virtualRef={button} />
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('header.search')}
          onInteractOutside={(event) => {
            // The button closes it itself.
            if (button.current?.contains(event.target as Node) === true) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            button.current?.focus();
          }}
          className="z-50 w-[min(24rem,calc(100vw-1rem))] animate-appear overflow-hidden rounded-panel border border-line bg-panel shadow-float"
        >
          <PickerList {...list} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
