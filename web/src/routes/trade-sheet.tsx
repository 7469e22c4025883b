import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, SheetContent } from '@/ui/dialog';

interface TicketSheetProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** The ticket over the page of a phone. */
export default function TicketSheet({ title, onClose, children }: TicketSheetProps) {
  const { t } = useTranslation('trade');
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <SheetContent
        title={title}
        closeLabel={t('ticket.close')}
        className="p-2 pt-4 [&>div:first-child]:mb-1 [&>div:first-child]:px-3"
      >
        {children}
      </SheetContent>
    </Dialog>
  );
}
