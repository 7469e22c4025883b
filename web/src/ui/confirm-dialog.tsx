import type { ReactNode } from 'react';
import { Button } from './button';
import { Dialog, DialogContent } from './dialog';
import { FormError } from './form-error';

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  text: ReactNode;
  /** Repeats the verb of the button that opened it. */
  action: string;
  cancel: string;
  closeLabel: string;
  busy?: boolean;
  error?: string | undefined;
  onConfirm: () => void;
  children?: ReactNode;
}

/** Asks once before something that cannot be taken back. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  text,
  action,
  cancel,
  closeLabel,
  busy,
  error,
  onConfirm,
  children,
}: ConfirmDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={title} description={text} closeLabel={closeLabel}>
        <div className="grid gap-4">
          {children}
          <FormError>{error}</FormError>
          <div className="flex flex-wrap justify-end gap-2">
            <Button variant="secondary" onClick={() => onOpenChange(false)}>
              {cancel}
            </Button>
            <Button variant="danger" {...(busy === undefined ? {} : { busy })} onClick={onConfirm}>
              {action}
            </Button>
          </div>
        </div>
      </DialogContent>
    </Dialog>
  );
}
