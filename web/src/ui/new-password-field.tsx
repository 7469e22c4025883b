import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { PASSWORD_MIN, ratedStrength, type Rated } from '@/lib/password-strength';
import { Field } from './field';
import { PasswordInput } from './password-input';
import { StrengthMeter } from './strength-meter';

interface NewPasswordFieldProps extends Omit<ComponentProps<typeof PasswordInput>, 'value'> {
  label: string;
  error?: string | undefined;
  /** What is typed now. */
  typed: string;
  /** Whose password it will be: the address makes a bad one. */
  email: string;
  /** What the server thinks of it, once it has answered. */
  rated: Rated | undefined;
  /** Characters it needs. */
  shortest?: number | undefined;
}

/** A password to be chosen: password managers offer one, and the meter says what it is worth. */
export function NewPasswordField({
  label,
  error,
  typed,
  email,
  rated,
  shortest = PASSWORD_MIN,
  ...input
}: NewPasswordFieldProps) {
  const { t } = useTranslation('common');
  const { level, verdict } = ratedStrength(typed, email, rated, shortest);
  const text =
    verdict === 'short'
      ? t('password.strength.short', { count: shortest - typed.length })
      : t(`password.strength.${verdict}`, { min: shortest });
  return (
    <div className="grid gap-2">
      <Field label={label} error={error}>
        {(control) => <PasswordInput {...control} {...input} autoComplete="new-password" />}
      </Field>
      <StrengthMeter level={level} label={t('password.strength.label')} text={text} />
    </div>
  );
}
