import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogContent } from '@/ui/dialog';
import { HOTKEYS } from './hotkeys';

const GROUPS = ['ticket', 'page', 'orders', 'help'] as const;

function Key({ name }: { name: string }) {
  return (
    <kbd className="inline-grid h-6 min-w-6 place-items-center rounded-[4px] border border-line bg-raised px-1.5 font-mono text-12 text-strong">
      {name.length === 1 ? name.toUpperCase() : name}
    </kbd>
  );
}

function Keys() {
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

interface CheatSheetProps {
  /** What opened it. */
  button: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

/** The keys of the trade page in a window. */
export default function CheatSheet({ button, onClose }: CheatSheetProps) {
  const { t } = useTranslation('trade');
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={t('hotkeys.title')}
        description={t('hotkeys.text')}
        closeLabel={t('ticket.close')}
        returnTo={button}
        className="sm:max-w-xl"
      >
        <Keys />
      </DialogContent>
    </Dialog>
  );
}
