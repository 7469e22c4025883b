import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { configQuery } from '@/api/config';
import { errorText } from '@/api/error-text';
import { marketsQuery } from '@/api/markets';
import { sign } from '@/lib/decimal';
import { formatAmount, parseInput } from '@/lib/format';
import { Button } from '@/ui/button';
import { Dialog, DialogContent, DialogTrigger } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import { Select } from '@/ui/select';
import { toast } from '@/ui/toast';
import { useFaucet } from './use-faucet';

const USDT_DEFAULT = '10000';
const FALLBACK = ['USDT', 'BTC', 'ETH'];

function useFaucetAssets(): string[] {
  const { data: markets = [] } = useQuery(marketsQuery);
  return [...new Set([...FALLBACK, ...markets.flatMap((market) => [market.quote, market.base])])];
}

function FaucetForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('wallet');
  const assets = useFaucetAssets();
  const [asset, setAsset] = useState('USDT');
  const [text, setText] = useState(USDT_DEFAULT);
  const faucet = useFaucet((credit) => {
    onDone();
    toast.success(t('faucet.done', { amount: formatAmount(credit.amount, credit.asset) }));
  });
  const amount = parseInput(text);
  const usable = text.trim() === '' || (amount !== null && sign(amount) > 0);
  const choose = (next: string) => {
    setAsset(next);
    setText(next === 'USDT' || next === 'USD' ? USDT_DEFAULT : '');
    faucet.reset();
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (usable) faucet.mutate({ asset, amount: amount ?? undefined });
  };
  const said =
    amount === null ? t('faucet.someOf', { asset }) : formatAmount(amount, asset, { minDecimals: 0 });
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label={t('asset')}>
        {(control) => (
          <Select
            id={control.id}
            className="h-10 w-full"
            value={asset}
            onChange={choose}
            options={assets.map((value) => ({ value, label: value }))}
          />
        )}
      </Field>
      <Field
        label={t('amount')}
        hint={amount === null && usable ? t('faucet.defaultAmount') : undefined}
        error={usable ? (faucet.isError ? errorText(faucet.error) : undefined) : t('faucet.badAmount')}
      >
        {(control) => (
          <Input
            {...control}
            className="num"
            inputMode="decimal"
            autoComplete="off"
            value={text}
            onChange={(event) => setText(event.target.value)}
            suffix={asset}
          />
        )}
      </Field>
      <p className="text-14 text-normal">{t('faucet.sentence', { amount: said })}</p>
      <Button type="submit" busy={faucet.isPending} disabled={!usable}>
        {t('faucet.action', { amount: said })}
      </Button>
    </form>
  );
}

/** Test money in two clicks; nothing at all in production, where there is no faucet. */
export function FaucetDialog({ trigger }: { trigger: ReactNode }) {
  const { t } = useTranslation(['wallet', 'common']);
  const [open, setOpen] = useState(false);
  const { data: config } = useQuery(configQuery);
  if (config?.faucet_enabled !== true) return null;
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>{trigger}</DialogTrigger>
      <DialogContent title={t('faucet.title')} description={t('faucet.text')} closeLabel={t('common:close')}>
        <FaucetForm onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}
