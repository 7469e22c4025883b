import { useQuery } from '@tanstack/react-query';
import { MailCheck, Vault } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SecurityState } from '@/api/types';
import { formatDateTime } from '@/lib/dates';
import { Button } from '@/ui/button';
import { Card, CardHead } from '@/ui/card';
import { ItemRow } from '@/ui/item-row';
import { SkeletonRows } from '@/ui/skeleton';
import { FormDialog } from '../form-dialog';
import { securityQuery } from '../security-api';
import { FreezeRow } from './freeze-row';
import { LockForm } from './lock-form';
import { PhraseForm } from './phrase-form';

function PhraseRow({ state }: { state: SecurityState }) {
  const { t } = useTranslation('security');
  const phrase = state.anti_phishing_phrase;
  return (
    <ItemRow
      icon={<MailCheck aria-hidden />}
      title={t('phrase.title')}
      text={phrase === '' ? t('phrase.none') : t('phrase.is', { phrase })}
    >
      <FormDialog
        title={t('phrase.title')}
        text={t('phrase.none')}
        trigger={
          <Button variant="secondary" size="sm">
            {t(phrase === '' ? 'phrase.set' : 'phrase.change')}
          </Button>
        }
      >
        {(close) => <PhraseForm phrase={phrase} onDone={close} />}
      </FormDialog>
    </ItemRow>
  );
}

function LockRow({ state }: { state: SecurityState }) {
  const { t, i18n } = useTranslation('security');
  const until = state.settings_locked_until;
  const action = t(until === null ? 'lock.action' : 'lock.extend');
  return (
    <ItemRow
      icon={<Vault aria-hidden />}
      title={t('lock.title')}
      text={
        until === null ? t('lock.text') : t('lock.until', { until: formatDateTime(until, i18n.language) })
      }
    >
      <FormDialog
        title={action}
        text={t('lock.text')}
        trigger={
          <Button variant="secondary" size="sm">
            {action}
          </Button>
        }
      >
        {(close) => <LockForm onDone={close} />}
      </FormDialog>
    </ItemRow>
  );
}

/** What limits the harm where somebody got in all the same. */
export function ProtectionCard({ onFrozen }: { onFrozen: () => void }) {
  const { t } = useTranslation('security');
  const { data: state } = useQuery(securityQuery);
  return (
    <Card>
      <CardHead title={t('protection.title')} />
      {state === undefined ? (
        <SkeletonRows rows={3} className="px-4" />
      ) : (
        <ul className="border-t border-line">
          <PhraseRow state={state} />
          <LockRow state={state} />
          <FreezeRow onFrozen={onFrozen} />
        </ul>
      )}
    </Card>
  );
}
