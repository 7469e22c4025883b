import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { fieldProblems, toApiError } from '@/api/errors';
import type { CreatedApiKey } from '@/api/types';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { FormError } from '@/ui/form-error';
import { Input } from '@/ui/input';
import { Segmented } from '@/ui/segmented';
import { Select } from '@/ui/select';
import { Textarea } from '@/ui/textarea';
import { useCreateApiKey } from './api-keys-api';
import { draftProblems, EMPTY_DRAFT, toRequest, type DraftField, type KeyDraft } from './key-draft';
import { ScopePicker } from './scope-picker';

const LIFETIMES = ['30', '90', '365', ''] as const;

/** The words for each field: our own after the first try, else what the server said. */
function useFieldError(draft: KeyDraft, tried: boolean, failure: unknown) {
  const { t } = useTranslation('api-keys');
  const own = tried ? draftProblems(draft) : {};
  const theirs = failure == null ? [] : fieldProblems(toApiError(failure));
  return (field: DraftField): string | undefined => {
    const problem = own[field];
    if (problem !== undefined) return t(`problem.${problem}`);
    return theirs.find((one) => one.field === field || (/^\d+$/.test(one.field) && field === 'networks'))
      ?.message;
  };
}

export function CreateKeyForm({ onCreated }: { onCreated: (key: CreatedApiKey) => void }) {
  const { t } = useTranslation('api-keys');
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [tried, setTried] = useState(false);
  const create = useCreateApiKey();
  const errorOf = useFieldError(draft, tried, create.error);
  const change = (part: Partial<KeyDraft>) => setDraft({ ...draft, ...part });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(draftProblems(draft)).length > 0) return;
    create.mutate(toRequest(draft), { onSuccess: onCreated });
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      <Field label={t('form.name')} hint={t('form.nameHint')} error={errorOf('name')}>
        {(control) => (
          <Input
            {...control}
            value={draft.name}
            maxLength={60}
            autoComplete="off"
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      <ScopePicker
        scopes={draft.scopes}
        onChange={(scopes) => change({ scopes })}
        error={errorOf('scopes')}
      />
      <Field label={t('form.networks')} hint={t('form.networksHint')} error={errorOf('networks')}>
        {(control) => (
          <Textarea
            {...control}
            className="min-h-16 font-mono text-13"
            spellCheck={false}
            placeholder="203.0.113.7"
            value={draft.networks}
            onChange={(event) => change({ networks: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-1.5">
        <span className="text-13 font-medium text-normal">{t('form.kind')}</span>
        <Segmented<KeyDraft['kind']>
          aria-label={t('form.kind')}
          value={draft.kind}
          onChange={(kind) => change({ kind })}
          options={[
            { value: 'hmac-sha256', label: 'HMAC-SHA256' },
            { value: 'ed25519', label: 'Ed25519' },
          ]}
        />
        <p className="text-13 text-quiet">{t(`kindText.${draft.kind}`)}</p>
      </div>
      {draft.kind === 'ed25519' && (
        <Field label={t('form.publicKey')} hint={t('form.publicKeyHint')} error={errorOf('public_key')}>
          {(control) => (
            <Textarea
              {...control}
              className="font-mono text-13"
              spellCheck={false}
              placeholder={'-----BEGIN PUBLIC KEY-----'}
              value={draft.publicKey}
              onChange={(event) => change({ publicKey: event.target.value })}
            />
          )}
        </Field>
      )}
      <Field label={t('form.expires')}>
        {(control) => (
          <Select<KeyDraft['days'] | 'never'>
            id={control.id}
            className="h-10 w-full"
            value={draft.days === '' ? 'never' : draft.days}
            onChange={(days) => change({ days: days === 'never' ? '' : days })}
            options={LIFETIMES.map((days) => ({
              value: days === '' ? 'never' : days,
              label: days === '' ? t('form.never') : t('form.inDays', { count: Number(days) }),
            }))}
          />
        )}
      </Field>
      {create.isError && fieldProblems(toApiError(create.error)).length === 0 && (
        <FormError>{errorText(create.error)}</FormError>
      )}
      <Button type="submit" busy={create.isPending}>
        {t('form.action')}
      </Button>
    </form>
  );
}
