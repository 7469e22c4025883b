import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { FormError } from '@/ui/form-error';
import { Input } from '@/ui/input';
import { forgotSchema } from '../auth-schemas';
import { useProblem } from '../use-problem';
import { askForReset } from './recovery-api';

/** The answer is the same whether or not the address has an account. */
export function ForgotForm({ onSent }: { onSent: (email: string) => void }) {
  const { t } = useTranslation('auth');
  const problem = useProblem();
  const ask = useMutation({ mutationFn: askForReset });
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(forgotSchema),
    defaultValues: { email: '' },
  });
  const submit = handleSubmit(({ email }) => ask.mutate(email, { onSuccess: () => onSent(email) }));
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      {ask.isError && <FormError>{errorText(ask.error)}</FormError>}
      <Field label={t('email')} error={problem(formState.errors.email?.message)}>
        {(control) => (
          <Input {...control} {...register('email')} type="email" autoComplete="username" autoFocus />
        )}
      </Field>
      <Button type="submit" size="lg" busy={ask.isPending} className="mt-1 text-14">
        {t('forgot.action')}
      </Button>
    </form>
  );
}
