import { ChevronDown } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market } from '@/api/types';
import { whenIdle } from '@/lib/when-idle';
import { AssetIcon } from '@/ui/asset-icon';

/** Behind a button, so it comes after the first paint. */
const loadPanel = () => import('./picker-panel');
const PickerPanel = lazy(loadPanel);

interface MarketPickerProps {
  market: Market;
  markets: readonly Market[];
  onPick: (symbol: string) => void;
}

interface PickerPopoverProps extends Omit<MarketPickerProps, 'market'> {
  hotkey: string;
  /** Names a button that shows only a picture. */
  label?: string;
  className: string;
  children: ReactNode;
}

/** A button that opens a searchable list of markets. */
export function PickerPopover({ markets, onPick, hotkey, label, className, children }: PickerPopoverProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => whenIdle(() => void loadPanel()), []);
  const pick = (symbol: string) => {
    setOpen(false);
    onPick(symbol);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-keyshortcuts={hotkey}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
        className={className}
      >
        {children}
      </button>
      {open && (
        <Suspense fallback={null}>
          <PickerPanel {...{ button, markets }} onPick={pick} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** The pair at the head of the trade page; opens a searchable list of all markets. */
export function MarketPicker({ market, markets, onPick }: MarketPickerProps) {
  const { t } = useTranslation('trade');
  return (
    <PickerPopover
      markets={markets}
      onPick={onPick}
      hotkey="/"
      className="flex h-10 touch-target items-center gap-2.5 rounded-control px-2 hover:bg-raised"
    >
      <AssetIcon symbol={market.base} />
      <span className="sr-only">{t('header.pick')}</span>{' '}
      <span className="text-16 font-semibold text-strong">
        {market.base}
        <span className="font-normal text-quiet">/{market.quote}</span>
      </span>
      <ChevronDown className="size-4 text-quiet" aria-hidden />
    </PickerPopover>
  );
}
