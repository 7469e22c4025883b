import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { FormError } from '@/ui/form-error';
import { Note } from '@/ui/note';
import { Select } from '@/ui/select';
import { toast } from '@/ui/toast';
import { useLockSettings } from '../security-api';

const DAYS = ['1', '3', '7', '14', '30'] as const;

export function LockForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('security');
  const [days, setDays] = useState<(typeof DAYS)[number]>('7');
  const lock = useLockSettings();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    lock.mutate(Number(days), {
      onSuccess: () => {
        onDone();
        toast.success(t('lock.done'));
      },
    });
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Note tone="warn">{t('lock.warn')}</Note>
      <Field label={t('lock.days')}>
        {(control) => (
          <Select
            id={control.id}
            className="h-10 w-full"
            value={days}
            onChange={setDays}
            options={DAYS.map((value) => ({ value, label: t('lock.inDays', { count: Number(value) }) }))}
          />
        )}
      </Field>
      {lock.isError && <FormError>{errorText(lock.error)}</FormError>}
      <Button type="submit" variant="danger" busy={lock.isPending}>
        {t('lock.action')}
      </Button>
    </form>
  );
}
