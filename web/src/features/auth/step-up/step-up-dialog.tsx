import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { errorText } from '@/api/error-text';
import { useStepUp } from '@/api/step-up';
import type { StepUpAct } from '@/api/types';
import { Dialog, DialogContent } from '@/ui/dialog';
import { ErrorState } from '@/ui/error-state';
import { Skeleton } from '@/ui/skeleton';
import { ProofForm, type ShownProof } from '../second-factor/proof-form';
import { orderCode, stepUpOptionsQuery, useProve } from './step-up-api';

const newQuestion = async () => (await api.get('/auth/step-up')).passkey ?? {};

function Proof({ act, onToken }: { act: StepUpAct; onToken: (token: string) => void }) {
  const { t } = useTranslation(['auth', 'common']);
  const options = useQuery(stepUpOptionsQuery);
  const prove = useProve(act);
  if (options.isPending) return <Skeleton className="h-32" />;
  if (options.data === undefined) {
    return (
      <ErrorState
        title={t('common:errors.loadFailed')}
        text={errorText(options.error)}
        retryLabel={t('common:retry')}
        onRetry={() => void options.refetch()}
      />
    );
  }
  const send = ({ method, ...proof }: ShownProof) => {
    if (method === 'admin_code') return;
    prove.mutate({ method, ...proof }, { onSuccess: ({ token }) => onToken(token) });
  };
  return (
    <ProofForm
      methods={options.data.methods}
      question={newQuestion}
      onOrder={() => orderCode(act)}
      busy={prove.isPending}
      error={prove.isError ? errorText(prove.error) : undefined}
      onProof={send}
      onSwitch={() => prove.reset()}
    />
  );
}

/** Asks for a fresh proof whenever an act needs one; once per app. */
export function StepUpDialog() {
  const { t } = useTranslation(['auth', 'common']);
  const asked = useStepUp((store) => store.asked);
  return (
    <Dialog open={asked !== null} onOpenChange={() => asked?.settle(null)}>
      {asked !== null && (
        <DialogContent
          title={t('stepUp.title')}
          description={t(`stepUp.text.${asked.act}`, { defaultValue: t('stepUp.other') })}
          closeLabel={t('common:close')}
          above
        >
          <Proof act={asked.act} onToken={asked.settle} />
        </DialogContent>
      )}
    </Dialog>
  );
}
