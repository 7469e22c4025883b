import { Wallet as WalletIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { discoverWallets, safeIcon, type Wallet } from '@/lib/wallets';
import { Button } from './button';
import { EmptyState } from './empty-state';

interface WalletListProps {
  busy: boolean;
  onChoose: (wallet: Wallet) => void;
}

/** The wallets that have announced themselves. */
export function WalletList({ busy, onChoose }: WalletListProps) {
  const { t } = useTranslation('common');
  const [wallets, setWallets] = useState<readonly Wallet[]>([]);
  useEffect(() => {
    const add = (wallet: Wallet) =>
      setWallets((known) =>
        known.some(({ info }) => info.uuid === wallet.info.uuid) ? known : [...known, wallet],
      );
    return discoverWallets(add);
  }, []);
  if (wallets.length === 0) {
    return (
      <EmptyState
        className="py-6"
        icon={<WalletIcon aria-hidden />}
        title={t('wallets.none')}
        text={t('wallets.noneText')}
      />
    );
  }
  return (
    <ul className="grid gap-2">
      {wallets.map((wallet) => (
        <li key={wallet.info.uuid}>
          <Button
            variant="secondary"
            size="lg"
            className="w-full justify-start gap-3 px-4 text-14"
            disabled={busy}
            onClick={() => onChoose(wallet)}
          >
            <img src={safeIcon(wallet.info.icon)} alt="" className="size-6 rounded-[4px]" />
            <span className="truncate">{wallet.info.name}</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}
