import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CreatedApiKey } from '@/api/types';
import { Dialog, DialogContent } from '@/ui/dialog';
import { CreateKeyForm } from './create-key-form';
import { CreatedKey } from './created-key';

interface CreateKeyDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Scopes and addresses first, then the secret, once. */
function Steps({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation(['api-keys', 'common']);
  const [created, setCreated] = useState<CreatedApiKey | null>(null);
  return (
    <DialogContent
      title={created === null ? t('form.title') : t('created.title', { name: created.name })}
      description={created === null ? t('form.text') : undefined}
      closeLabel={t('common:close')}
      className="sm:max-w-lg"
    >
      {created === null ? (
        <CreateKeyForm onCreated={setCreated} />
      ) : (
        <CreatedKey created={created} onDone={onDone} />
      )}
    </DialogContent>
  );
}

/** Stands beside the list, not in it: the list changes while the secret is shown. */
export function CreateKeyDialog({ open, onOpenChange }: CreateKeyDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open && <Steps onDone={() => onOpenChange(false)} />}
    </Dialog>
  );
}
