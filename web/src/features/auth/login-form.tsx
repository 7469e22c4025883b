import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { errorText } from '@/api/error-text';
import { toApiError } from '@/api/errors';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { FormError } from '@/ui/form-error';
import { Input } from '@/ui/input';
import { PasswordInput } from '@/ui/password-input';
import { isQuestion, useLogIn, type SecondFactorQuestion } from './auth-api';
import { loginSchema, type LoginValues } from './auth-schemas';
import type { PendingSignUp } from './pending-sign-up';
import { useProblem } from './use-problem';

/** Which sign-up the refusal is about. */
const signUpOf = (details: unknown) => (details as { user_id?: string } | null)?.user_id ?? '';

interface LoginFormProps {
  onDone: () => void;
  /** The password was right and a second factor is asked for. */
  onQuestion: (question: SecondFactorQuestion) => void;
  /** The password is that of a sign-up whose address is not confirmed yet. */
  onUnverified: (signUp: PendingSignUp) => void;
}

export function LoginForm({ onDone, onQuestion, onUnverified }: LoginFormProps) {
  const { t } = useTranslation('auth');
  const problem = useProblem();
  const login = useLogIn();
  const { register, handleSubmit, formState } = useForm<LoginValues>({
    resolver: zodResolver(loginSchema),
    defaultValues: { email: '', password: '' },
  });
  const submit = handleSubmit((values) =>
    login.mutate(values, {
      onSuccess: (answer) => (isQuestion(answer) ? onQuestion(answer) : onDone()),
      onError: (error) => {
        const { code, details } = toApiError(error);
        if (code === 'EMAIL_NOT_VERIFIED') onUnverified({ email: values.email, userId: signUpOf(details) });
      },
    }),
  );
  const { errors } = formState;
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      {login.isError && <FormError>{errorText(login.error)}</FormError>}
      <Field label={t('email')} error={problem(errors.email?.message)}>
        {(control) => (
          <Input {...control} {...register('email')} type="email" autoComplete="username" autoFocus />
        )}
      </Field>
      <Field label={t('password')} error={problem(errors.password?.message)}>
        {(control) => (
          <PasswordInput {...control} {...register('password')} autoComplete="current-password" />
        )}
      </Field>
      <Link
        className="justify-self-start text-13 font-medium text-brand hover:underline"
        to={paths.forgotPassword}
      >
        {t('forgot.link')}
      </Link>
      <Button type="submit" size="lg" busy={login.isPending} className="mt-1 text-14">
        {t('logIn.action')}
      </Button>
    </form>
  );
}
