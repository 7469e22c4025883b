import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { errorText } from '@/api/error-text';
import type { User } from '@/api/types';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { FormError } from '@/ui/form-error';
import { Input } from '@/ui/input';
import { Note } from '@/ui/note';
import { useChangeEmail } from '../security-api';

const schema = z.object({ email: z.string().check(z.trim(), z.email()) });

export function ChangeEmailForm({ user, onDone }: { user: User; onDone: () => void }) {
  const { t } = useTranslation(['security', 'common']);
  const [sentTo, setSentTo] = useState('');
  const change = useChangeEmail();
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(schema),
    defaultValues: { email: '' },
  });
  const submit = handleSubmit(({ email }) => change.mutate(email, { onSuccess: () => setSentTo(email) }));
  if (sentTo !== '') {
    return (
      <div className="grid gap-4">
        <Note>{t('email.sent', { old: user.email, new: sentTo })}</Note>
        <Button onClick={onDone}>{t('common:close')}</Button>
      </div>
    );
  }
  const invalid = formState.errors.email !== undefined;
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      {change.isError && <FormError>{errorText(change.error)}</FormError>}
      <Field label={t('email.new')} error={invalid ? t('email.invalid') : undefined}>
        {(control) => (
          <Input {...control} {...register('email')} type="email" autoComplete="email" autoFocus />
        )}
      </Field>
      <Button type="submit" busy={change.isPending}>
        {t('email.send')}
      </Button>
    </form>
  );
}
