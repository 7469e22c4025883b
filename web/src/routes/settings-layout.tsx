import { useTranslation } from 'react-i18next';
import { Outlet } from 'react-router';
import { useUser } from '@/api/session';
import { SettingsNav } from '@/features/settings/settings-nav';
import { cn } from '@/lib/cn';
import { Page } from '@/ui/page';

/** What all pages of the settings share: their names at the left, on a phone above. */
export function Component() {
  const { t } = useTranslation('settings');
  const signedIn = useUser() !== null;
  return (
    <Page title={t('title')} narrow={!signedIn}>
      <div className={cn('grid gap-4', signedIn && 'md:grid-cols-[12rem_minmax(0,1fr)] md:gap-8')}>
        <SettingsNav />
        <div className="grid min-w-0 content-start gap-4">
          <Outlet />
        </div>
      </div>
    </Page>
  );
}
