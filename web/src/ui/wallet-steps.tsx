import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { connectWallet, isRejection, signMessage, type Wallet, type WalletAccount } from '@/lib/wallets';
import { Button } from './button';
import { FormError } from './form-error';
import { WalletList } from './wallet-list';

interface Prepared {
  wallet: Wallet;
  address: string;
  message: string;
}

interface WalletStepsProps {
  /** The server's message for an account. */
  prepare: (account: WalletAccount) => Promise<{ message: string }>;
  finish: (signed: { message: string; signature: string }) => Promise<unknown>;
  /** What to say about an error of the server. */
  words: (error: unknown) => string;
  action: string;
}

/** Choose a wallet, read what will be signed, sign it. */
export function WalletSteps({ prepare, finish, words, action }: WalletStepsProps) {
  const { t } = useTranslation('common');
  const [prepared, setPrepared] = useState<Prepared | null>(null);
  const connect = useMutation({
    mutationFn: async (wallet: Wallet) => {
      const account = await connectWallet(wallet);
      return { wallet, address: account.address, message: (await prepare(account)).message };
    },
    onSuccess: setPrepared,
  });
  const sign = useMutation({
    mutationFn: async ({ wallet, address, message }: Prepared) =>
      finish({ message, signature: await signMessage(wallet, address, message) }),
    // The message is good once: whatever went wrong, the next try needs another one.
    onError: () => setPrepared(null),
  });
  const error = sign.error ?? connect.error;
  const said = error === null ? undefined : isRejection(error) ? t('wallets.rejected') : words(error);
  if (prepared === null) {
    const choose = (wallet: Wallet) => {
      sign.reset();
      connect.mutate(wallet);
    };
    return (
      <div className="grid gap-4">
        <FormError>{said}</FormError>
        <WalletList busy={connect.isPending} onChoose={choose} />
      </div>
    );
  }
  return (
    <div className="grid gap-4">
      <p className="text-normal">{t('wallets.read')}</p>
      <pre
        tabIndex={0}
        aria-label={t('wallets.message')}
        className="max-h-56 overflow-auto rounded-control border border-line bg-raised/60 p-3 font-mono text-12 wrap-anywhere whitespace-pre-wrap text-strong"
      >
        {prepared.message}
      </pre>
      <Button size="lg" className="text-14" busy={sign.isPending} onClick={() => sign.mutate(prepared)}>
        {action}
      </Button>
      <Button variant="ghost" onClick={() => setPrepared(null)}>
        {t('wallets.other')}
      </Button>
    </div>
  );
}
