import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import type { ApiKey } from '@/api/types';
import { formatAgo, formatDate } from '@/lib/dates';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { CopyButton } from '@/ui/copy-button';
import { ItemRow } from '@/ui/item-row';
import { toast } from '@/ui/toast';
import { useDeleteApiKey } from './api-keys-api';

function DeleteButton({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation(['api-keys', 'common']);
  const [asking, setAsking] = useState(false);
  const remove = useDeleteApiKey();
  const confirm = () =>
    remove.mutate(apiKey.id, {
      onSuccess: () => {
        setAsking(false);
        toast.success(t('deleted', { name: apiKey.name }));
      },
    });
  return (
    <>
      <Button
        variant="danger"
        size="sm"
        aria-label={t('deleteLabel', { name: apiKey.name })}
        onClick={() => setAsking(true)}
      >
        {t('delete')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('deleteTitle', { name: apiKey.name })}
        text={t('deleteText')}
        action={t('delete')}
        cancel={t('common:cancel')}
        closeLabel={t('common:close')}
        busy={remove.isPending}
        error={remove.isError ? errorText(remove.error) : undefined}
        onConfirm={confirm}
      />
    </>
  );
}

function useFacts(apiKey: ApiKey): string {
  const { t, i18n } = useTranslation('api-keys');
  const used =
    apiKey.last_used_at === null
      ? t('neverUsed')
      : t('lastUsed', {
          when: formatAgo(apiKey.last_used_at, i18n.language),
          address: apiKey.last_used_address ?? '',
        });
  const ends =
    apiKey.expires_at === null
      ? t('neverEnds')
      : t('ends', { date: formatDate(apiKey.expires_at, i18n.language) });
  const from =
    apiKey.networks.length === 0 ? t('anywhere') : t('from', { networks: apiKey.networks.join(', ') });
  return [used, from, ends].join(' · ');
}

export function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation(['api-keys', 'common']);
  return (
    <ItemRow
      icon={<KeyRound aria-hidden />}
      title={
        <>
          {apiKey.name}
          {apiKey.scopes.map((scope) => (
            <Badge key={scope} tone={scope === 'withdraw' ? 'warn' : 'neutral'}>
              {t(`scope.${scope}`)}
            </Badge>
          ))}
        </>
      }
      text={
        <>
          <span className="flex items-center gap-1 font-mono text-12">
            {apiKey.id}
            <CopyButton text={apiKey.id} label={t('created.copyId')} copiedLabel={t('common:copied')} />
          </span>
          {useFacts(apiKey)}
        </>
      }
    >
      <DeleteButton apiKey={apiKey} />
    </ItemRow>
  );
}
