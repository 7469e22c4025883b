import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { configQuery } from '@/api/config';
import { paperQuery } from '@/api/paper';
import type { Paper } from '@/api/types';
import { formatDecimal, formatUsd } from '@/lib/format';
import { PaperMode, paperOf } from '@/lib/paper';
import { paths } from '@/lib/paths';
import { usePreferences } from '@/lib/preferences';
import { AssetIcon } from '@/ui/asset-icon';
import { Button } from '@/ui/button';
import { Card, CardHead } from '@/ui/card';
import { Table, Td, TdNum, Th, Tr } from '@/ui/table';
import { PaperBadge } from './paper-badge';
import { PaperStart } from './paper-start';
import { PaperValue } from './paper-value';
import { ResetButton } from './reset-button';

function Balances({ items }: Pick<Paper, 'items'>) {
  const { t } = useTranslation('paper');
  return (
    <Table className="text-13">
      <thead>
        <tr>
          <Th>{t('asset')}</Th>
          <Th className="text-right">{t('available')}</Th>
          <Th className="text-right">{t('held')}</Th>
          <Th className="text-right">{t('worth')}</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Tr key={item.asset}>
            <Td>
              <span className="flex items-center gap-2 font-medium text-strong">
                <AssetIcon symbol={item.asset} size="sm" />
                {item.asset}
              </span>
            </Td>
            <TdNum>{formatDecimal(item.available, { maxDecimals: 8 })}</TdNum>
            <TdNum className="text-quiet">{formatDecimal(item.held, { maxDecimals: 8 })}</TdNum>
            <TdNum>{formatUsd(item.value_usd)}</TdNum>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** Play money has a section of its own: it is never part of the wallet's value. */
export function PaperCard() {
  const { t } = useTranslation('paper');
  const lastPair = usePreferences((preferences) => preferences.lastPair);
  const offered = useQuery(configQuery).data?.paper_start_balance != null;
  const { data } = useQuery({ ...paperQuery, enabled: offered });
  if (data === undefined) return null;
  return (
    <PaperMode value>
      <Card aria-label={t('account')} data-testid="paper-card">
        <CardHead
          title={
            <span className="flex items-center gap-2">
              {t('account')} <PaperBadge />
            </span>
          }
        >
          {data.started_at !== null && (
            <span className="flex items-center gap-2">
              <ResetButton amount={data.start_amount} />
              <Button asChild variant="secondary" size="sm">
                <Link to={paths.trade(paperOf(lastPair))}>{t('trade')}</Link>
              </Button>
            </span>
          )}
        </CardHead>
        {data.started_at === null ? (
          <PaperStart amount={data.start_amount} className="px-4 pb-4" />
        ) : (
          <>
            <PaperValue paper={data} className="px-4 pb-3 text-16" />
            <Balances items={data.items} />
          </>
        )}
      </Card>
    </PaperMode>
  );
}
