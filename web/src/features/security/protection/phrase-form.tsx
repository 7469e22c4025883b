import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { toApiError } from '@/api/errors';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import { toast } from '@/ui/toast';
import { useSetPhrase } from '../security-api';

const MAX = 50;

export function PhraseForm({ phrase, onDone }: { phrase: string; onDone: () => void }) {
  const { t } = useTranslation(['security', 'common']);
  const [typed, setTyped] = useState(phrase);
  const save = useSetPhrase();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate(typed.trim(), {
      onSuccess: () => {
        onDone();
        toast.success(t('phrase.done'));
      },
    });
  };
  const invalid = save.isError && toApiError(save.error).code === 'VALIDATION_ERROR';
  const said = save.isError ? errorText(save.error) : undefined;
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      <Field label={t('phrase.label')} hint={t('phrase.hint')} error={invalid ? t('phrase.bad') : said}>
        {(control) => (
          <Input
            {...control}
            value={typed}
            maxLength={MAX}
            autoComplete="off"
            autoFocus
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" busy={save.isPending}>
        {t('common:save')}
      </Button>
    </form>
  );
}
