import { Keyboard } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogContent, DialogTrigger } from '@/ui/dialog';
import { findControl, HOTKEYS, isTaken, operate } from './hotkeys';

const GROUPS = ['ticket', 'page', 'orders', 'help'] as const;

function Key({ name }: { name: string }) {
  return (
    <kbd className="inline-grid h-6 min-w-6 place-items-center rounded-[4px] border border-line bg-raised px-1.5 font-mono text-12 text-strong">
      {name.length === 1 ? name.toUpperCase() : name}
    </kbd>
  );
}

function CheatSheet() {
  const { t } = useTranslation('trade');
  return (
    <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
      {GROUPS.map((group) => (
        <section key={group}>
          <h3 className="mb-1.5 text-12 font-medium text-quiet">{t(`hotkeys.groups.${group}`)}</h3>
          <dl className="grid gap-1">
            {HOTKEYS[group].map(([key, name]) => (
              <div key={key} className="flex h-7 items-center justify-between gap-4 text-13">
                <dd className="text-normal">{t(`hotkeys.keys.${name}`)}</dd>
                <dt className="order-last">
                  <Key name={key} />
                </dt>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

/** Hears the keys of the trade page while it is shown, and lists them on the key "?". */
export function HotkeyHelp() {
  const { t } = useTranslation('trade');
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
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger
        aria-keyshortcuts="?"
        aria-label={t('hotkeys.open')}
        title={t('hotkeys.open')}
        className="hidden size-8 shrink-0 place-items-center rounded-control text-quiet hover:bg-raised hover:text-strong md:grid"
      >
        <Keyboard className="size-4" aria-hidden />
      </DialogTrigger>
      <DialogContent
        title={t('hotkeys.title')}
        description={t('hotkeys.text')}
        closeLabel={t('ticket.close')}
        className="sm:max-w-xl"
      >
        <CheatSheet />
      </DialogContent>
    </Dialog>
  );
}
