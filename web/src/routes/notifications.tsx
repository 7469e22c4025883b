import { useTranslation } from 'react-i18next';
import { NoticeList } from '@/features/notifications/notice-list';
import { PreferencesCard } from '@/features/notifications/preferences-card';
import { TelegramCard } from '@/features/notifications/telegram-card';
import { useTitle } from '@/lib/use-title';

export function Component() {
  const { t } = useTranslation('notifications');
  useTitle(t('title'));
  return (
    <>
      <NoticeList />
      <PreferencesCard />
      <TelegramCard />
    </>
  );
}
