import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { fieldProblems, toApiError } from '@/api/errors';
import { useRatedPassword } from '@/api/password-strength';
import { Button } from '@/ui/button';
import { FormError } from '@/ui/form-error';
import { NewPasswordField } from '@/ui/new-password-field';
import { resetSchema } from '../auth-schemas';
import { useProblem } from '../use-problem';
import { resetPassword } from './recovery-api';

interface ResetFormProps {
  token: string;
  /** Characters that the new password needs. */
  min: number;
  onDone: () => void;
}

export function ResetForm({ token, min, onDone }: ResetFormProps) {
  const { t } = useTranslation('auth');
  const problem = useProblem(min);
  const reset = useMutation({ mutationFn: resetPassword });
  const { register, handleSubmit, setError, control, formState } = useForm({
    resolver: zodResolver(resetSchema(min)),
    defaultValues: { password: '' },
  });
  const typed = useWatch({ control, name: 'password' });
  const rated = useRatedPassword(typed, '', min);
  const submit = handleSubmit(({ password }) =>
    reset.mutate(
      { token, password },
      {
        onSuccess: onDone,
        onError: (error) => {
          const said = fieldProblems(toApiError(error)).find(({ field }) => field === 'password');
          if (said !== undefined) setError('password', { message: said.message }, { shouldFocus: true });
        },
      },
    ),
  );
  const fault = formState.errors.password?.message;
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      {reset.isError && fault === undefined && <FormError>{errorText(reset.error)}</FormError>}
      <NewPasswordField
        {...register('password')}
        label={t('reset.password')}
        error={problem(fault)}
        typed={typed}
        email=""
        rated={rated}
        shortest={min}
        autoFocus
      />
      <Button type="submit" size="lg" busy={reset.isPending} className="mt-1 text-14">
        {t('reset.action')}
      </Button>
    </form>
  );
}
