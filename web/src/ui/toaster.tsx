import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { removeToast, useToasts } from './toast';

const icons = {
  success: <CircleCheck className="mt-0.5 size-4 text-buy" aria-hidden />,
  error: <CircleAlert className="mt-0.5 size-4 text-sell" aria-hidden />,
  info: <Info className="mt-0.5 size-4 text-info" aria-hidden />,
};

/** Where toasts appear; once per app. */
export function Toaster({ label, closeLabel }: { label: string; closeLabel: string }) {
  const items = useToasts((store) => store.items);
  return (
    <Radix.Provider swipeDirection="right" label={label}>
      {items.map((item) => (
        <Radix.Root
          key={item.id}
          duration={item.kind === 'error' ? 8_000 : 4_000}
          type={item.kind === 'error' ? 'foreground' : 'background'}
          onOpenChange={(open) => {
            if (!open) removeToast(item.id);
          }}
          className="flex animate-appear items-start gap-2.5 rounded-panel border border-line bg-panel p-3 shadow-float data-[swipe=move]:translate-x-(--radix-toast-swipe-move-x)"
        >
          {icons[item.kind]}
          <div className="grid flex-1 gap-0.5">
            <Radix.Title className="text-14 font-medium text-strong">{item.title}</Radix.Title>
            {item.text !== undefined && (
              <Radix.Description className="text-13 text-quiet">{item.text}</Radix.Description>
            )}
          </div>
          <Radix.Close aria-label={closeLabel} className="rounded-control p-1 text-quiet hover:text-strong">
            <X className="size-3.5" aria-hidden />
          </Radix.Close>
        </Radix.Root>
      ))}
      {/* Below the navigation in the middle: every page has its controls and tables elsewhere. The trade desk is
          full to the edges; there it stands over figures and candles, clear of tabs, book and ticket. */}
      <Radix.Viewport className="pointer-events-none fixed inset-x-4 top-15 z-60 mx-auto grid max-w-sm gap-2 outline-none *:pointer-events-auto [html:has([data-desk])_&]:ml-60" />
    </Radix.Provider>
  );
}
