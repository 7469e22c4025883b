import { useTranslation } from 'react-i18next';
import { useUser } from '@/api/session';
import { AppearanceCard } from '@/features/settings/appearance-card';
import { ProfileCard } from '@/features/settings/profile-card';
import { useTitle } from '@/lib/use-title';

export function Component() {
  const { t } = useTranslation('settings');
  const user = useUser();
  useTitle(t('title'));
  return (
    <>
      {user !== null && <ProfileCard key={user.id} user={user} />}
      <AppearanceCard />
    </>
  );
}
