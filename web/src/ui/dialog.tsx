import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode, RefObject } from 'react';
import { cn } from '@/lib/cn';

export const Dialog = Radix.Root;
export const DialogTrigger = Radix.Trigger;
export const DialogClose = Radix.Close;

interface DialogContentProps {
  title: ReactNode;
  description?: ReactNode;
  closeLabel: string;
  children: ReactNode;
  className?: string;
  /** May open over another dialog, and covers that too. */
  above?: boolean;
  /** What has the focus afterwards, where no `DialogTrigger` opened it. */
  returnTo?: RefObject<HTMLElement | null>;
}

const overlay = 'fixed inset-0 z-40 bg-bg/70 backdrop-blur-[2px] animate-appear';

function CloseButton({ label }: { label: string }) {
  return (
    <Radix.Close
      aria-label={label}
      className="absolute top-3 right-3 grid size-8 touch-target place-items-center rounded-control text-quiet hover:bg-raised hover:text-strong"
    >
      <X className="size-4" aria-hidden />
    </Radix.Close>
  );
}

function Head({ title, description }: Pick<DialogContentProps, 'title' | 'description'>) {
  return (
    <div className="mb-4 grid gap-1 pr-8">
      <Radix.Title className="text-16 font-semibold text-strong">{title}</Radix.Title>
      {description !== undefined && (
        <Radix.Description className="text-14 text-quiet">{description}</Radix.Description>
      )}
    </div>
  );
}

/** A centred window; on a phone it stands at the bottom, within reach of the thumb. */
export function DialogContent({
  title,
  description,
  closeLabel,
  children,
  className,
  above = false,
  returnTo,
}: DialogContentProps) {
  return (
    <Radix.Portal>
      <Radix.Overlay className={cn(overlay, above && 'z-55')} />
      <Radix.Content
        {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        onCloseAutoFocus={() => returnTo?.current?.focus()}
        className={cn(
          'fixed inset-x-0 bottom-0 z-50 max-h-[92dvh] animate-slide-up overflow-y-auto rounded-t-panel border border-line bg-panel p-5 pb-[max(1.25rem,env(safe-area-inset-bottom))] shadow-float outline-none sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-full sm:max-w-md sm:-translate-1/2 sm:animate-appear sm:rounded-panel',
          above && 'z-60',
          className,
        )}
      >
        <Head title={title} description={description} />
        {children}
        <CloseButton label={closeLabel} />
      </Radix.Content>
    </Radix.Portal>
  );
}

interface SheetContentProps extends Omit<DialogContentProps, 'above' | 'returnTo'> {
  side?: 'bottom' | 'right';
}

/** A panel that slides in from an edge: a ticket on a phone, details on a desk. Use inside `Dialog`. */
export function SheetContent({
  title,
  description,
  closeLabel,
  children,
  className,
  side = 'bottom',
}: SheetContentProps) {
  const place =
    side === 'bottom'
      ? 'inset-x-0 bottom-0 max-h-[92dvh] rounded-t-panel border-t pb-[max(1.25rem,env(safe-area-inset-bottom))]'
      : 'inset-y-0 right-0 w-full max-w-md border-l';
  return (
    <Radix.Portal>
      <Radix.Overlay className={overlay} />
      <Radix.Content
        {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        className={cn(
          'fixed z-50 animate-slide-up overflow-y-auto border-line bg-panel p-5 shadow-float outline-none',
          place,
          className,
        )}
      >
        <Head title={title} description={description} />
        {children}
        <CloseButton label={closeLabel} />
      </Radix.Content>
    </Radix.Portal>
  );
}
