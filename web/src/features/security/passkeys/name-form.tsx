import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';

interface NameFormProps {
  name: string;
  action: string;
  busy: boolean;
  error: string | undefined;
  onName: (name: string) => void;
}

/** What a passkey is called. */
export function NameForm({ name, action, busy, error, onName }: NameFormProps) {
  const { t } = useTranslation('security');
  const [typed, setTyped] = useState(name);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (typed.trim() !== '') onName(typed.trim());
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      <Field label={t('passkeys.name')} hint={t('passkeys.nameHint')} error={error}>
        {(control) => (
          <Input
            {...control}
            value={typed}
            maxLength={60}
            autoComplete="off"
            autoFocus
            onFocus={(event) => event.target.select()}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" busy={busy} disabled={typed.trim() === ''}>
        {action}
      </Button>
    </form>
  );
}
