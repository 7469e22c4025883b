import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { useRatedPassword } from '@/api/password-strength';
import { PASSWORD_MIN } from '@/lib/password-strength';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { FormError } from '@/ui/form-error';
import { Input } from '@/ui/input';
import { NewPasswordField } from '@/ui/new-password-field';
import { setUpAdmin } from './auth-api';
import { adminSetupSchema, type AdminSetupValues } from './auth-schemas';
import { showFieldProblems } from './show-field-problems';
import { useProblem } from './use-problem';

const FIELDS = ['token', 'name', 'email', 'password'] as const;

/** The first administrator, by the token that the first start printed. */
export function AdminSetupForm({ token, onDone }: { token: string; onDone: () => void }) {
  const { t } = useTranslation('auth');
  const problem = useProblem();
  const setUp = useMutation({ mutationFn: setUpAdmin });
  const { register, handleSubmit, setError, control, formState } = useForm<AdminSetupValues>({
    resolver: zodResolver(adminSetupSchema),
    defaultValues: { token, name: '', email: '', password: '' },
  });
  const [typed, email] = useWatch({ control, name: ['password', 'email'] });
  const rated = useRatedPassword(typed, email, PASSWORD_MIN);
  const submit = handleSubmit((values) =>
    setUp.mutate(values, {
      onSuccess: onDone,
      onError: (error) => showFieldProblems(error, FIELDS, setError),
    }),
  );
  const { errors } = formState;
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      {setUp.isError && Object.keys(errors).length === 0 && <FormError>{errorText(setUp.error)}</FormError>}
      <Field label={t('setUp.token')} hint={t('setUp.tokenHint')} error={problem(errors.token?.message)}>
        {(control) => (
          <Input {...control} {...register('token')} autoComplete="off" autoFocus={token === ''} />
        )}
      </Field>
      <Field label={t('email')} error={problem(errors.email?.message)}>
        {(control) => (
          <Input
            {...control}
            {...register('email')}
            type="email"
            autoComplete="username"
            autoFocus={token !== ''}
          />
        )}
      </Field>
      <NewPasswordField
        {...register('password')}
        label={t('password')}
        error={problem(errors.password?.message)}
        typed={typed}
        email={email}
        rated={rated}
      />
      <Button type="submit" size="lg" busy={setUp.isPending} className="mt-1 text-14">
        {t('setUp.action')}
      </Button>
    </form>
  );
}
