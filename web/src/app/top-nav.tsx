import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { useSession } from '@/api/session';
import { cn } from '@/lib/cn';
import { env } from '@/lib/env';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/button';
import { Skeleton } from '@/ui/skeleton';
import { Logo } from './logo';
import { useNavItems } from './navigation';

// Menus and their library come after the first paint; their places are kept.
const AppearanceMenu = lazy(async () => ({ default: (await import('./appearance-menu')).AppearanceMenu }));
const UserMenu = lazy(async () => ({ default: (await import('./user-menu')).UserMenu }));
const SourceBadge = lazy(async () => ({ default: (await import('./source-badge')).SourceBadge }));

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
  const { data: user, isPending } = useSession();
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-panel">
      <div className="flex h-13 items-center gap-1 px-4">
        <Link
          to={user == null ? paths.home : paths.dashboard}
          className="mr-3 rounded-control"
          aria-label={env.appName}
        >
          <Logo compact={user == null} />
        </Link>
        <MainLinks signedIn={user != null} />
        <div className="ml-auto flex items-center gap-1.5">
          <Suspense fallback={<Skeleton className="h-5.5 w-24" />}>
            <SourceBadge />
          </Suspense>
          <Suspense fallback={<span className="size-9" />}>
            <AppearanceMenu />
          </Suspense>
          <Suspense fallback={<Skeleton className="size-8 rounded-full" />}>
            {isPending ? (
              <Skeleton className="h-8 w-24" />
            ) : user == null ? (
              <Entrance />
            ) : (
              <UserMenu user={user} />
            )}
          </Suspense>
        </div>
      </div>
    </header>
  );
}
