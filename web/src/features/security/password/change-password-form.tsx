import { useQuery } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { fieldProblems, toApiError } from '@/api/errors';
import { useRatedPassword } from '@/api/password-strength';
import type { User } from '@/api/types';
import { PASSWORD_MIN } from '@/lib/password-strength';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { FormError } from '@/ui/form-error';
import { NewPasswordField } from '@/ui/new-password-field';
import { PasswordInput } from '@/ui/password-input';
import { toast } from '@/ui/toast';
import { securityQuery, useChangePassword } from '../security-api';

interface ChangePasswordFormProps {
  user: User;
  hasPassword: boolean;
  onDone: () => void;
}

export function ChangePasswordForm({ user, hasPassword, onDone }: ChangePasswordFormProps) {
  const { t } = useTranslation('security');
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useChangePassword();
  const min = useQuery(securityQuery).data?.password_min ?? PASSWORD_MIN;
  const rated = useRatedPassword(next, user.email, min);
  const problems = change.isError ? fieldProblems(toApiError(change.error)) : [];
  const said = (field: string) => problems.find((problem) => problem.field === field)?.message;
  const complete = next.length >= min && (!hasPassword || current !== '');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!complete) return;
    change.mutate(
      { current_password: current, new_password: next },
      {
        onSuccess: () => {
          onDone();
          toast.success(t('password.done'), t('password.text'));
        },
      },
    );
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      {/* Password managers file the new password under this name. */}
      <input type="text" name="username" autoComplete="username" value={user.email} readOnly hidden />
      {change.isError && problems.length === 0 && <FormError>{errorText(change.error)}</FormError>}
      {hasPassword && (
        <Field label={t('password.current')} error={said('current_password')}>
          {(control) => (
            <PasswordInput
              {...control}
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
              autoComplete="current-password"
              autoFocus
            />
          )}
        </Field>
      )}
      <NewPasswordField
        label={t('password.new')}
        error={said('new_password')}
        typed={next}
        email={user.email}
        rated={rated}
        shortest={min}
        onChange={(event) => setNext(event.target.value)}
      />
      <Button type="submit" busy={change.isPending} disabled={!complete}>
        {t(hasPassword ? 'password.change' : 'password.choose')}
      </Button>
    </form>
  );
}
