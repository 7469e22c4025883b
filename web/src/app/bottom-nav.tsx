import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { useUser } from '@/api/session';
import { cn } from '@/lib/cn';
import { useNavItems } from './navigation';

/** The main places within reach of the thumb. */
export function BottomNav() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const items = useNavItems(useUser() !== null);
  return (
    <nav
      aria-label={t('nav.main')}
      className="fixed inset-x-0 bottom-0 z-30 grid auto-cols-fr grid-flow-col border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {items.map(({ key, to, prefix, icon: Icon }) => {
        const current = pathname.startsWith(prefix);
        return (
          <Link
            key={key}
            to={to}
            aria-current={current ? 'page' : undefined}
            className={cn(
              'flex h-14 flex-col items-center justify-center gap-1 text-12 font-medium',
              current ? 'text-brand' : 'text-quiet',
            )}
          >
            <Icon className="size-5" aria-hidden />
            {t(`nav.short.${key}`)}
          </Link>
        );
      })}
    </nav>
  );
}
