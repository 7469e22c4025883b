import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import type { Market } from '@/api/types';
import { mul } from '@/lib/decimal';
import { formatDecimal } from '@/lib/format';
import { Term } from '@/ui/tooltip';

/** The rules of a market in plain words. */
export function MarketInfo({ market }: { market: Market }) {
  const { t } = useTranslation('trade');
  const percent = (fraction: string) => `${mul(fraction, '100')} %`;
  const facts: [key: string, name: ReactNode, value: string][] = [
    ['market', t('info.market'), `${market.base_name} (${market.base}) / ${market.quote}`],
    [
      'status',
      t('info.status'),
      market.status === 'open' ? t('info.statusOpen') : t(`status.${market.status}`),
    ],
    ['tick', t('info.tick'), `${market.tick_size} ${market.quote}`],
    ['lot', t('info.lot'), `${market.lot_size} ${market.base}`],
    ['min', t('info.min'), `${formatDecimal(market.min_notional)} ${market.quote}`],
    ['max', t('info.max'), `${formatDecimal(market.max_qty)} ${market.base}`],
    ['maker', <Term content={t('info.makerHint')}>{t('info.maker')}</Term>, percent(market.maker_fee)],
    ['taker', <Term content={t('info.takerHint')}>{t('info.taker')}</Term>, percent(market.taker_fee)],
  ];
  return (
    <dl className="grid max-w-2xl grid-cols-1 gap-x-10 overflow-y-auto p-4 sm:grid-cols-2">
      {facts.map(([key, name, value]) => (
        <div
          key={key}
          className="flex items-baseline justify-between gap-4 border-b border-line py-2.5 text-13"
        >
          <dt className="text-quiet">{name}</dt>
          <dd className="text-right num text-strong">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
