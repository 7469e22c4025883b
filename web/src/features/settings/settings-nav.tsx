import {
  Bell,
  KeyRound,
  Percent,
  ScrollText,
  Settings,
  ShieldCheck,
  Smartphone,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation } from 'react-router';
import { useUser } from '@/api/session';
import { cn } from '@/lib/cn';
import { paths } from '@/lib/paths';

interface Item {
  key: 'general' | 'security' | 'sessions' | 'securityLog' | 'apiKeys' | 'fees' | 'notifications';
  to: string;
  icon: LucideIcon;
}

const ITEMS: readonly Item[] = [
  { key: 'general', to: paths.settings, icon: Settings },
  { key: 'security', to: paths.security, icon: ShieldCheck },
  { key: 'sessions', to: paths.sessions, icon: Smartphone },
  { key: 'securityLog', to: paths.securityLog, icon: ScrollText },
  { key: 'apiKeys', to: paths.apiKeys, icon: KeyRound },
  { key: 'fees', to: paths.fees, icon: Percent },
  { key: 'notifications', to: paths.notifications, icon: Bell },
];

/** The pages of the settings: a column on a desk, a row that scrolls on a phone. */
export function SettingsNav() {
  const { t } = useTranslation('settings');
  const { pathname } = useLocation();
  const bar = useRef<HTMLElement>(null);
  const user = useUser();
  useEffect(() => {
    // On a phone the present page's name may stand outside of the row.
    const current = bar.current?.querySelector<HTMLElement>('[aria-current=page]');
    if (bar.current == null || current == null) return;
    bar.current.scrollLeft = current.offsetLeft - (bar.current.clientWidth - current.offsetWidth) / 2;
  }, [pathname, user]);
  if (user === null) return null;
  return (
    <nav
      ref={bar}
      aria-label={t('title')}
      className="-mx-4 flex [scrollbar-width:none] gap-1 overflow-x-auto px-4 pb-1 md:mx-0 md:grid md:content-start md:px-0"
    >
      {ITEMS.map(({ key, to, icon: Icon }) => (
        <NavLink
          key={key}
          to={to}
          end
          className={({ isActive }) =>
            cn(
              'flex h-9 touch-target shrink-0 items-center gap-2.5 rounded-control px-3 text-14 font-medium whitespace-nowrap transition-colors',
              isActive ? 'bg-raised text-strong' : 'text-quiet hover:bg-raised/60 hover:text-strong',
            )
          }
        >
          <Icon className="hidden size-4 md:block" aria-hidden />
          {t(`nav.${key}`)}
        </NavLink>
      ))}
    </nav>
  );
}
