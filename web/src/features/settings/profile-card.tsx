import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { api } from '@/api/client';
import { errorText } from '@/api/error-text';
import { sessionQuery } from '@/api/session';
import type { User } from '@/api/types';
import { formatDate } from '@/lib/dates';
import { Button } from '@/ui/button';
import { Card, CardHead } from '@/ui/card';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import { toast } from '@/ui/toast';

const schema = z.object({ name: z.string().check(z.trim(), z.maxLength(80)) });

function useSaveName() {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  return useMutation({
    mutationFn: (profile: { name: string }) => api.put('/auth/profile', profile),
    onSuccess: (user) => {
      client.setQueryData(sessionQuery.queryKey, user);
      toast.success(t('profile.saved'));
    },
  });
}

export function ProfileCard({ user }: { user: User }) {
  const { t, i18n } = useTranslation(['settings', 'common']);
  const save = useSaveName();
  const { register, handleSubmit, formState, reset } = useForm({
    resolver: zodResolver(schema),
    defaultValues: { name: user.name },
  });
  const submit = handleSubmit((profile) => save.mutate(profile, { onSuccess: () => reset(profile) }));
  const tooLong = formState.errors.name !== undefined;
  return (
    <Card>
      <CardHead title={t('profile.title')} />
      <form noValidate onSubmit={submit} className="grid gap-4 border-t border-line p-4">
        <dl className="grid gap-x-8 gap-y-2 sm:grid-cols-[8rem_1fr]">
          <dt className="text-quiet">{t('profile.email')}</dt>
          <dd className="break-all text-strong">{user.email}</dd>
          <dt className="text-quiet">{t('profile.since')}</dt>
          <dd className="text-strong">{formatDate(user.created_at, i18n.language)}</dd>
        </dl>
        <Field
          label={t('profile.name')}
          hint={t('profile.nameHint')}
          error={tooLong ? t('profile.nameLong') : save.isError ? errorText(save.error) : undefined}
          className="max-w-md"
        >
          {(control) => <Input {...control} {...register('name')} autoComplete="name" />}
        </Field>
        <Button
          type="submit"
          className="justify-self-start"
          busy={save.isPending}
          disabled={!formState.isDirty}
        >
          {t('common:save')}
        </Button>
      </form>
    </Card>
  );
}
