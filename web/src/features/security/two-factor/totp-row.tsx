import { Smartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TwoFactorStatus } from '@/api/types';
import { formatDate } from '@/lib/dates';
import { Button } from '@/ui/button';
import { ItemRow } from '@/ui/item-row';
import { toast } from '@/ui/toast';
import { FormDialog } from '../form-dialog';
import { RemoveButton } from '../remove-button';
import { useRemoveTotp } from '../security-api';
import { TotpSetup } from './totp-setup';

interface TotpRowProps {
  status: TwoFactorStatus;
  onCodes: (codes: readonly string[]) => void;
}

function SetUp({ onCodes }: Pick<TotpRowProps, 'onCodes'>) {
  const { t } = useTranslation('security');
  return (
    <FormDialog
      title={t('totp.setUpTitle')}
      text={t('totp.setUpText')}
      trigger={
        <Button variant="secondary" size="sm">
          {t('totp.setUp')}
        </Button>
      }
    >
      {(close) => (
        <TotpSetup
          onDone={(codes) => {
            close();
            // The codes speak for themselves; a toast would stand over their buttons on a phone.
            if (codes.length === 0) toast.success(t('totp.done'));
            onCodes(codes);
          }}
        />
      )}
    </FormDialog>
  );
}

export function TotpRow({ status, onCodes }: TotpRowProps) {
  const { t, i18n } = useTranslation('security');
  const remove = useRemoveTotp();
  const since = status.totp_since === null ? '' : formatDate(status.totp_since, i18n.language);
  return (
    <ItemRow
      icon={<Smartphone aria-hidden />}
      title={t('totp.title')}
      text={status.totp ? t('totp.since', { date: since }) : t('totp.none')}
    >
      {status.totp ? (
        <RemoveButton
          label={t('totp.remove')}
          title={t('totp.removeTitle')}
          text={t('totp.removeText')}
          done={t('totp.removed')}
          input={undefined}
          mutation={remove}
        />
      ) : (
        <SetUp onCodes={onCodes} />
      )}
    </ItemRow>
  );
}
