import { useQuery } from '@tanstack/react-query';
import { Fingerprint } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { twoFactorQuery } from '@/api/second-factor';
import { errorText } from '@/api/error-text';
import { Badge } from '@/ui/badge';
import { Card, CardHead } from '@/ui/card';
import { ErrorState } from '@/ui/error-state';
import { ItemRow } from '@/ui/item-row';
import { SkeletonRows } from '@/ui/skeleton';
import { AddPasskey } from '../passkeys/add-passkey';
import { PasskeyRow } from '../passkeys/passkey-row';
import { passkeysQuery } from '../security-api';
import { RecoveryDialog } from './recovery-dialog';
import { RecoveryRow } from './recovery-row';
import { TotpRow } from './totp-row';

function Passkeys({ onCodes }: { onCodes: (codes: readonly string[]) => void }) {
  const { t } = useTranslation('security');
  const { data } = useQuery(passkeysQuery);
  return (
    <>
      <ItemRow icon={<Fingerprint aria-hidden />} title={t('passkeys.title')} text={t('passkeys.text')}>
        <AddPasskey onCodes={onCodes} />
      </ItemRow>
      {data !== undefined && data.items.length > 0 && (
        <li className="border-t border-line">
          <ul aria-label={t('passkeys.title')} className="sm:pl-13">
            {data.items.map((passkey) => (
              <PasskeyRow key={passkey.id} passkey={passkey} />
            ))}
          </ul>
        </li>
      )}
    </>
  );
}

/** What is asked for beside the password. */
export function TwoStepCard() {
  const { t } = useTranslation(['security', 'common']);
  const status = useQuery(twoFactorQuery);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <Card>
      <CardHead title={t('twoStep.title')}>
        {status.data !== undefined && (
          <Badge tone={status.data.enabled ? 'buy' : 'warn'}>
            {t(status.data.enabled ? 'twoStep.on' : 'twoStep.off')}
          </Badge>
        )}
      </CardHead>
      {status.isPending && <SkeletonRows rows={3} className="px-4" />}
      {status.isError && status.data === undefined && (
        <ErrorState
          title={t('common:errors.loadFailed')}
          text={errorText(status.error)}
          retryLabel={t('common:retry')}
          onRetry={() => void status.refetch()}
        />
      )}
      {status.data !== undefined && (
        <ul className="border-t border-line">
          <Passkeys onCodes={setCodes} />
          <TotpRow status={status.data} onCodes={setCodes} />
          <RecoveryRow status={status.data} onCodes={setCodes} />
        </ul>
      )}
      <RecoveryDialog codes={codes} onDone={() => setCodes(null)} />
    </Card>
  );
}
