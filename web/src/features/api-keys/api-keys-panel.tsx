import { useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { lacksSecondFactor } from '@/api/second-factor';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/button';
import { Card, CardHead } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { apiKeysQuery } from './api-keys-api';
import { CreateKeyDialog } from './create-key-dialog';
import { KeyRow } from './key-row';

function List({ onCreate }: { onCreate: () => void }) {
  const { t } = useTranslation(['api-keys', 'common']);
  const keys = useQuery(apiKeysQuery);
  if (keys.isPending) return <SkeletonRows rows={2} className="px-4" />;
  if (keys.data === undefined) {
    return (
      <ErrorState
        title={t('common:errors.loadFailed')}
        text={errorText(keys.error)}
        retryLabel={t('common:retry')}
        onRetry={() => void keys.refetch()}
      />
    );
  }
  if (keys.data.items.length === 0) {
    return (
      <EmptyState
        icon={<KeyRound aria-hidden />}
        title={t('empty')}
        text={t('emptyText')}
        action={<Button onClick={onCreate}>{t('create')}</Button>}
      />
    );
  }
  return (
    <ul className="border-t border-line">
      {keys.data.items.map((apiKey) => (
        <KeyRow key={apiKey.id} apiKey={apiKey} />
      ))}
    </ul>
  );
}

/** The keys of programs. */
export function ApiKeysPanel() {
  const { t } = useTranslation('api-keys');
  const [creating, setCreating] = useState(false);
  const client = useQueryClient();
  // Where it cannot be known, the form says it when it is sent.
  const create = async () => setCreating(!(await lacksSecondFactor(client).catch(() => false)));
  const some = (useQuery(apiKeysQuery).data?.items.length ?? 0) > 0;
  return (
    <Card>
      <CardHead title={t('title')}>
        {some && (
          <Button size="sm" onClick={() => void create()}>
            <Plus aria-hidden />
            {t('create')}
          </Button>
        )}
      </CardHead>
      <p className="max-w-2xl px-4 pb-4 text-14 text-quiet">
        {t('text')}{' '}
        <a className="font-medium text-brand hover:underline" href={paths.docs}>
          {t('docs')}
        </a>
      </p>
      <List onCreate={() => void create()} />
      <CreateKeyDialog open={creating} onOpenChange={setCreating} />
    </Card>
  );
}
