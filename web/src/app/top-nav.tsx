import i18next from 'i18next';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { useSession } from '@/api/session';
import type { User } from '@/api/types';
import { cn } from '@/lib/cn';
import { env } from '@/lib/env';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/button';
import { Skeleton } from '@/ui/skeleton';
import { AppearanceButton } from './appearance-button';
import { Logo } from './logo';
import { useNavItems } from './navigation';
import { onDemandMenu } from './on-demand-menu';
import { SourceBadge } from './source-badge';
import { UserButton } from './user-button';

const AppearanceMenu = onDemandMenu({
  load: async () => (await import('./appearance-menu')).AppearanceMenu,
  button: (_props: object, handlers) => <AppearanceButton {...handlers} />,
});

// Comes with a session: visitors never need it.
const NotificationBell = lazy(async () => {
  const [{ NotificationBell: Bell }] = await Promise.all([
    import('@/features/notifications/notification-bell'),
    i18next.loadNamespaces('notifications'),
  ]);
  return { default: Bell };
});

const UserMenu = onDemandMenu({
  load: async () => (await import('./user-menu')).UserMenu,
  button: ({ user }: { user: User }, handlers) => <UserButton user={user} {...handlers} />,
});

function MainLinks({ signedIn }: { signedIn: boolean }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <nav aria-label={t('nav.main')} className="hidden items-center md:flex">
      {useNavItems(signedIn).map((item) => {
        const current = pathname.startsWith(item.prefix);
        return (
          <Link
            key={item.key}
            to={item.to}
            aria-current={current ? 'page' : undefined}
            className={cn(
              'rounded-control px-3 py-1.5 text-14 font-medium transition-colors',
              current ? 'text-strong' : 'text-quiet hover:text-strong',
            )}
          >
            {t(`nav.${item.key}`)}
          </Link>
        );
      })}
    </nav>
  );
}

function Entrance() {
  const { t } = useTranslation();
  return (
    <>
      <Button asChild variant="ghost" size="sm">
        <Link to={paths.login}>{t('logIn')}</Link>
      </Button>
      <Button asChild size="sm">
        <Link to={paths.signup}>{t('signUp')}</Link>
      </Button>
    </>
  );
}

export function TopNav() {
  const { data: user } = useSession();
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-panel">
      <div className="flex h-13 items-center gap-1 px-3 sm:px-4">
        <Link
          to={user == null ? paths.home : paths.dashboard}
          className="mr-auto rounded-control md:mr-3"
          aria-label={env.appName}
        >
          <Logo compact={user == null} />
        </Link>
        <MainLinks signedIn={user != null} />
        <div className="flex items-center gap-1 sm:gap-1.5 md:ml-auto">
          <SourceBadge />
          <AppearanceMenu />
          {user === undefined ? (
            <Skeleton className="h-8 w-24" />
          ) : user === null ? (
            <Entrance />
          ) : (
            <>
              <Suspense fallback={<span className="size-9" />}>
                <NotificationBell />
              </Suspense>
              <UserMenu user={user} />
            </>
          )}
        </div>
      </div>
    </header>
  );
}
