import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { twoFactorQuery } from '@/api/second-factor';
import { formatDateTime } from '@/lib/dates';
import { ownPath } from '@/lib/paths';
import { Note } from '@/ui/note';
import { securityQuery } from './security-api';

/** What there is to know first: a missing second step, and locks that are in force. */
export function SecurityNotes() {
  const { t, i18n } = useTranslation('security');
  const { data: state } = useQuery(securityQuery);
  const { data: factors } = useQuery(twoFactorQuery);
  // Whoever was sent here to add one is told so above.
  const sentHere = ownPath(useSearchParams()[0].get('next')) !== null;
  const when = (iso: string) => formatDateTime(iso, i18n.language);
  return (
    <>
      {state?.settings_locked_until != null && (
        <Note>{t('state.settings', { until: when(state.settings_locked_until) })}</Note>
      )}
      {state?.withdrawals_locked_until != null && (
        <Note tone="warn">{t('state.withdrawals', { until: when(state.withdrawals_locked_until) })}</Note>
      )}
      {factors?.enabled === false && state?.has_password === true && !sentHere && (
        <Note tone="warn">
          <b className="font-medium text-strong">{t('nudge.title')}.</b> {t('nudge.text')}
        </Note>
      )}
    </>
  );
}
