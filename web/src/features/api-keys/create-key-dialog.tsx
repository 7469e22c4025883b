import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CreatedApiKey } from '@/api/types';
import { Dialog, DialogContent, DialogTrigger } from '@/ui/dialog';
import { CreateKeyForm } from './create-key-form';
import { CreatedKey } from './created-key';

/** Scopes and addresses first, then the secret, once. */
export function CreateKeyDialog({ trigger }: { trigger: ReactNode }) {
  const { t } = useTranslation(['api-keys', 'common']);
  const [open, setOpen] = useState(false);
  const [created, setCreated] = useState<CreatedApiKey | null>(null);
  const change = (next: boolean) => {
    setOpen(next);
    if (next) setCreated(null);
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogTrigger asChild>{trigger}</DialogTrigger>
      <DialogContent
        title={created === null ? t('form.title') : t('created.title', { name: created.name })}
        description={created === null ? t('form.text') : undefined}
        closeLabel={t('common:close')}
        className="sm:max-w-lg"
      >
        {created === null ? (
          <CreateKeyForm onCreated={setCreated} />
        ) : (
          <CreatedKey created={created} onDone={() => change(false)} />
        )}
      </DialogContent>
    </Dialog>
  );
}
