import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { configQuery } from '@/api/config';
import type { Market } from '@/api/types';
import { isZero } from '@/lib/decimal';
import { paths } from '@/lib/paths';
import { formatBalance } from './balance';
import { useOwnBalances } from './use-own-balances';

/** What there is of both sides of the market, available and held. */
export function BalancesPanel({ market }: { market: Market }) {
  const { t } = useTranslation('trade');
  const own = useOwnBalances(market.base, market.quote);
  const rows = [
    [market.base, own.base],
    [market.quote, own.quote],
  ] as const;
  const faucet = useQuery(configQuery).data?.faucet_enabled === true;
  const empty =
    own.quote !== null && own.base !== null && isZero(own.quote.available) && isZero(own.base.available);
  return (
    <section aria-label={t('balances.title')} className="px-3 py-2 text-12">
      <table className="w-full">
        <thead>
          <tr className="h-6 text-quiet [&>th]:font-normal">
            <th scope="col" className="text-left">
              {t('balances.title')}
            </th>
            <th scope="col" className="text-right">
              {t('balances.available')}
            </th>
            <th scope="col" className="text-right">
              {t('balances.held')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([asset, balance]) => (
            <tr key={asset} className="h-6 num" data-testid={`balance-${asset}`}>
              <th scope="row" className="text-left font-medium text-strong">
                {asset}
              </th>
              <td className="text-right text-normal">{formatBalance(balance?.available, asset, market)}</td>
              <td className="text-right text-quiet">{formatBalance(balance?.held, asset, market)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {own.failed && <p className="text-warn">{t('balances.failed')}</p>}
      {empty && faucet && !market.paper && (
        <Link to={paths.wallet} className="mt-1 inline-block font-medium text-brand hover:underline">
          {t('balances.getFunds')}
        </Link>
      )}
    </section>
  );
}
