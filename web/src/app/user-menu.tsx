import { useQuery } from '@tanstack/react-query';
import { Activity, LogOut, NotebookPen, Settings } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { configQuery } from '@/api/config';
import { useLogout } from '@/api/session';
import type { User } from '@/api/types';
import { paperOf } from '@/lib/paper';
import { paths } from '@/lib/paths';
import { usePreferences } from '@/lib/preferences';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/ui/dropdown-menu';
import { UserButton } from './user-button';

export function UserMenu({ user, defaultOpen = false }: { user: User; defaultOpen?: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const logout = useLogout();
  const lastPair = usePreferences((preferences) => preferences.lastPair);
  const paper = useQuery(configQuery).data?.paper_start_balance != null;
  const leave = () => {
    void navigate(paths.home);
    logout.mutate();
  };
  return (
    <DropdownMenu defaultOpen={defaultOpen}>
      <DropdownMenuTrigger asChild>
        <UserButton user={user} />
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuLabel className="grid">
          {user.name !== '' && <span className="text-14 font-medium text-strong">{user.name}</span>}
          <span className="max-w-64 truncate">{user.email}</span>
        </DropdownMenuLabel>
        <DropdownMenuSeparator />
        {paper && (
          <DropdownMenuItem asChild>
            <Link to={paths.trade(paperOf(lastPair))}>
              <NotebookPen aria-hidden />
              {t('nav.paper')}
            </Link>
          </DropdownMenuItem>
        )}
        <DropdownMenuItem asChild>
          <Link to={paths.settings}>
            <Settings aria-hidden />
            {t('nav.settings')}
          </Link>
        </DropdownMenuItem>
        <DropdownMenuItem asChild>
          <Link to={paths.status}>
            <Activity aria-hidden />
            {t('nav.status')}
          </Link>
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={leave}>
          <LogOut aria-hidden />
          {t('logOut')}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
