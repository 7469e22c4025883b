import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKeyScope } from '@/api/types';
import { Checkbox } from '@/ui/checkbox';

const SCOPES: readonly ApiKeyScope[] = ['read', 'trade', 'withdraw'];

interface ScopePickerProps {
  scopes: readonly ApiKeyScope[];
  onChange: (scopes: ApiKeyScope[]) => void;
  error?: string | undefined;
}

export function ScopePicker({ scopes, onChange, error }: ScopePickerProps) {
  const { t } = useTranslation('api-keys');
  const id = useId();
  const toggle = (scope: ApiKeyScope, on: boolean) =>
    onChange(SCOPES.filter((one) => (one === scope ? on : scopes.includes(one))));
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-13 font-medium text-normal">{t('form.scopes')}</legend>
      <div className="divide-y divide-line rounded-control border border-line">
        {SCOPES.map((scope) => (
          <label
            key={scope}
            htmlFor={`${id}-${scope}`}
            className="flex items-start gap-3 px-3 py-2.5 first:rounded-t-control last:rounded-b-control hover:bg-raised/60"
          >
            <Checkbox
              id={`${id}-${scope}`}
              className="mt-0.5"
              checked={scopes.includes(scope)}
              onCheckedChange={(checked) => toggle(scope, checked === true)}
            />
            <span className="grid">
              <span className="font-medium text-strong">{t(`scope.${scope}`)}</span>
              <span className="text-13 text-quiet">{t(`scopeText.${scope}`)}</span>
            </span>
          </label>
        ))}
      </div>
      {error !== undefined && (
        <p role="alert" className="text-13 text-sell">
          {error}
        </p>
      )}
    </fieldset>
  );
}
