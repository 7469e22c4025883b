import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import type { NoticeCategory, NoticePreferences } from '@/api/types';
import { Card, CardHead } from '@/ui/card';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { Switch } from '@/ui/switch';
import { toast } from '@/ui/toast';
import { noticePreferencesQuery, useSavePreferences } from './notifications-api';

type Way = 'mail' | 'telegram';

const CATEGORIES: readonly NoticeCategory[] = ['security', 'money', 'trading', 'news'];

function Choices({ preferences }: { preferences: NoticePreferences }) {
  const { t } = useTranslation('notifications');
  const save = useSavePreferences();
  const ways: Way[] = preferences.telegram_chat.linked ? ['mail', 'telegram'] : ['mail'];
  const choose = (way: Way, category: NoticeCategory, on: boolean) => {
    const { mail, telegram } = preferences;
    const changed = { mail, telegram, [way]: { ...preferences[way], [category]: on } };
    save.mutate(changed, { onError: (error) => toast.error(errorText(error)) });
  };
  return (
    <table className="w-full text-14">
      <thead>
        <tr className="border-t border-line text-12 text-quiet">
          <th scope="col" className="h-9 px-4 text-left font-medium">
            {t('preferences.about')}
          </th>
          {ways.map((way) => (
            <th key={way} scope="col" className="w-24 px-4 text-center font-medium">
              {t(`preferences.way.${way}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {CATEGORIES.map((category) => (
          <tr key={category} className="border-t border-line">
            <th scope="row" className="px-4 py-3 text-left font-normal">
              <span className="block font-medium text-strong">{t(`category.${category}`)}</span>
              <span className="text-13 text-quiet">{t(`categoryText.${category}`)}</span>
            </th>
            {ways.map((way) => (
              <td key={way} className="px-4 text-center align-middle">
                <Switch
                  aria-label={`${t(`category.${category}`)}: ${t(`preferences.way.${way}`)}`}
                  className="inline-block align-middle disabled:opacity-60"
                  checked={preferences[way][category]}
                  disabled={way === 'mail' && category === 'security'}
                  onCheckedChange={(on) => choose(way, category, on)}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What is told by which way; each switch counts at once. */
export function PreferencesCard() {
  const { t } = useTranslation(['notifications', 'common']);
  const preferences = useQuery(noticePreferencesQuery);
  return (
    <Card>
      <CardHead title={t('preferences.title')} />
      {preferences.isPending && <SkeletonRows rows={4} className="px-4" />}
      {preferences.isError && (
        <ErrorState
          title={t('common:errors.loadFailed')}
          text={errorText(preferences.error)}
          retryLabel={t('common:retry')}
          onRetry={() => void preferences.refetch()}
        />
      )}
      {preferences.data !== undefined && <Choices preferences={preferences.data} />}
      <p className="border-t border-line px-4 py-3 text-13 text-quiet">{t('preferences.securityAlways')}</p>
    </Card>
  );
}
