import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, ScrollRestoration, useNavigation } from 'react-router';
import { BottomNav } from './bottom-nav';
import { Footer } from './footer';
import { PageSkeleton } from './page-skeleton';
import { ReconnectBanner } from './reconnect-banner';
import { RouteAnnouncer } from './route-announcer';
import { TopNav } from './top-nav';

/** What stands around every page. */
export function Shell() {
  const { t } = useTranslation();
  const loading = useNavigation().state === 'loading';
  return (
    <div className="group/shell flex min-h-dvh flex-col pb-[calc(3.5rem+env(safe-area-inset-bottom))] md:pb-0">
      <a
        href="#main"
        className="sr-only z-60 rounded-control bg-brand-fill px-3 py-2 text-on-brand focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('skipToContent')}
      </a>
      {loading && <div aria-hidden className="fixed inset-x-0 top-0 z-60 h-0.5 animate-pulse bg-brand" />}
      <TopNav />
      <ReconnectBanner />
      <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
      <Footer />
      <BottomNav />
      <RouteAnnouncer />
      <ScrollRestoration />
    </div>
  );
}
