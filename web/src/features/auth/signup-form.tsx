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
import { signUp } from './auth-api';
import { signupSchema, type SignupValues } from './auth-schemas';
import type { PendingSignUp } from './pending-sign-up';
import { showFieldProblems } from './show-field-problems';
import { useProblem } from './use-problem';

const FIELDS = ['name', 'email', 'password'] as const;

export function SignupForm({ onDone }: { onDone: (signUp: PendingSignUp) => void }) {
  const { t } = useTranslation('auth');
  const problem = useProblem();
  const signup = useMutation({ mutationFn: signUp });
  const { register, handleSubmit, setError, control, formState } = useForm<SignupValues>({
    resolver: zodResolver(signupSchema),
    defaultValues: { name: '', email: '', password: '' },
  });
  const [typed, email] = useWatch({ control, name: ['password', 'email'] });
  const rated = useRatedPassword(typed, email, PASSWORD_MIN);
  const submit = handleSubmit((values) =>
    signup.mutate(values, {
      onSuccess: ({ user_id: userId }) => onDone({ email: values.email, userId }),
      onError: (error) => showFieldProblems(error, FIELDS, setError),
    }),
  );
  const { errors } = formState;
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      {signup.isError && Object.keys(errors).length === 0 && <FormError>{errorText(signup.error)}</FormError>}
      <Field label={t('email')} error={problem(errors.email?.message)}>
        {(control) => (
          <Input {...control} {...register('email')} type="email" autoComplete="username" autoFocus />
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
      <Field label={t('nameOptional')} error={problem(errors.name?.message)}>
        {(control) => <Input {...control} {...register('name')} autoComplete="name" />}
      </Field>
      <Button type="submit" size="lg" busy={signup.isPending} className="mt-1 text-14">
        {t('signUp.action')}
      </Button>
    </form>
  );
}
