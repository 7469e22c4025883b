import { LifeBuoy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import type { TwoFactorStatus } from '@/api/types';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { ItemRow } from '@/ui/item-row';
import { useRenewRecoveryCodes } from '../security-api';

const FEW = 3;

interface RecoveryRowProps {
  status: TwoFactorStatus;
  onCodes: (codes: readonly string[]) => void;
}

function Renew({ onCodes }: Pick<RecoveryRowProps, 'onCodes'>) {
  const { t } = useTranslation(['security', 'common']);
  const [asking, setAsking] = useState(false);
  const renew = useRenewRecoveryCodes();
  const confirm = () =>
    renew.mutate(undefined, {
      onSuccess: (answer) => {
        setAsking(false);
        onCodes(answer.recovery_codes);
      },
    });
  return (
    <>
      <Button variant="secondary" size="sm" onClick={() => setAsking(true)}>
        {t('recovery.renew')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('recovery.renewTitle')}
        text={t('recovery.renewText')}
        action={t('recovery.renew')}
        cancel={t('common:cancel')}
        closeLabel={t('common:close')}
        busy={renew.isPending}
        error={renew.isError ? errorText(renew.error) : undefined}
        onConfirm={confirm}
      />
    </>
  );
}

export function RecoveryRow({ status, onCodes }: RecoveryRowProps) {
  const { t } = useTranslation('security');
  const { enabled, recovery_codes_left: left } = status;
  const few = enabled && left <= FEW;
  return (
    <ItemRow
      icon={<LifeBuoy aria-hidden />}
      title={t('recovery.title')}
      text={
        enabled ? (
          <span className={few ? 'text-warn' : undefined}>
            {t('recovery.left', { count: left })}
            {few && `. ${t('recovery.few')}`}
          </span>
        ) : (
          t('recovery.none')
        )
      }
    >
      {enabled && <Renew onCodes={onCodes} />}
    </ItemRow>
  );
}
