import {
  ArrowLeftRight,
  CandlestickChart,
  ChartPie,
  LayoutList,
  Wallet,
  type LucideIcon,
} from 'lucide-react';
import { usePreferences } from '@/lib/preferences';
import { paths } from '@/lib/paths';

interface NavItem {
  key: 'dashboard' | 'markets' | 'trade' | 'wallet' | 'transactions';
  to: string;
  /** What marks the item as current; a trade page of any pair is still Trade. */
  prefix: string;
  icon: LucideIcon;
}

/** The main places, the same on a desk and on a phone. */
export function useNavItems(signedIn: boolean): NavItem[] {
  const lastPair = usePreferences((preferences) => preferences.lastPair);
  const items: (NavItem & { own: boolean })[] = [
    { key: 'dashboard', to: paths.dashboard, prefix: paths.dashboard, icon: ChartPie, own: true },
    { key: 'markets', to: paths.markets, prefix: paths.markets, icon: LayoutList, own: false },
    { key: 'trade', to: paths.trade(lastPair), prefix: '/trade', icon: CandlestickChart, own: false },
    { key: 'wallet', to: paths.wallet, prefix: paths.wallet, icon: Wallet, own: true },
    {
      key: 'transactions',
      to: paths.transactions,
      prefix: paths.transactions,
      icon: ArrowLeftRight,
      own: true,
    },
  ];
  return signedIn ? items : items.filter((item) => !item.own);
}
