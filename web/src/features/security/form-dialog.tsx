import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogContent, DialogTrigger } from '@/ui/dialog';

interface FormDialogProps {
  title: string;
  text?: ReactNode;
  trigger: ReactNode;
  /** What is asked for; begins anew each time the dialog opens. */
  children: (close: () => void) => ReactNode;
}

/** A form that opens over the page. */
export function FormDialog({ title, text, trigger, children }: FormDialogProps) {
  const { t } = useTranslation('common');
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>{trigger}</DialogTrigger>
      <DialogContent title={title} description={text} closeLabel={t('close')}>
        {children(() => setOpen(false))}
      </DialogContent>
    </Dialog>
  );
}
