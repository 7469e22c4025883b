import { Keyboard } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { findControl, isTaken, operate } from './hotkeys';

const CheatSheet = lazy(() => import('./cheat-sheet'));

/** Hears the keys of the trade page while it is shown, and lists them on the key "?". */
export function HotkeyHelp() {
  const { t } = useTranslation('trade');
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (isTaken(event)) return;
      const control = findControl(event.key);
      if (control === null) return;
      event.preventDefault();
      operate(control);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="dialog"
        aria-keyshortcuts="?"
        aria-label={t('hotkeys.open')}
        title={t('hotkeys.open')}
        onClick={() => setOpen(true)}
        className="hidden size-8 shrink-0 place-items-center rounded-control text-quiet hover:bg-raised hover:text-strong md:grid"
      >
        <Keyboard className="size-4" aria-hidden />
      </button>
      {open && (
        <Suspense fallback={null}>
          <CheatSheet button={button} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
