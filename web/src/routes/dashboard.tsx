import { useQuery } from '@tanstack/react-query';
import { ChartPie, Droplets } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { errorText } from '@/api/error-text';
import type { Portfolio } from '@/api/types';
import { portfolioQuery } from '@/api/wallet';
import { AllocationCard } from '@/features/portfolio/allocation-card';
import { DashboardSkeleton } from '@/features/portfolio/dashboard-skeleton';
import { HoldingsCard } from '@/features/portfolio/holdings-card';
import { OpenOrdersCard } from '@/features/portfolio/open-orders-card';
import { withLivePrices } from '@/features/portfolio/live-portfolio';
import { ValueCard } from '@/features/portfolio/value-card';
import { ActivityCard } from '@/features/transactions/activity-card';
import { FaucetDialog } from '@/features/wallet/faucet-dialog';
import { paths } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';
import { usePreferences } from '@/lib/preferences';
import { dollarPrice, usePrices } from '@/stream/prices-store';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { Page } from '@/ui/page';

function Nothing() {
  const { t } = useTranslation(['portfolio', 'wallet']);
  return (
    <Card>
      <EmptyState
        className="py-16"
        icon={<ChartPie aria-hidden />}
        title={t('empty')}
        text={t('emptyText')}
        action={
          <FaucetDialog
            trigger={
              <Button>
                <Droplets aria-hidden />
                {t('wallet:faucet.open')}
              </Button>
            }
          />
        }
      />
    </Card>
  );
}

function Overview({ portfolio: fetched }: { portfolio: Portfolio }) {
  const prices = usePrices((store) => store.prices);
  const portfolio = withLivePrices(fetched, (asset) => dollarPrice(prices, asset));
  if (portfolio.holdings.length === 0) {
    return (
      <>
        <Nothing />
        <OpenOrdersCard />
      </>
    );
  }
  return (
    <>
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <ValueCard portfolio={portfolio} />
        <AllocationCard allocation={portfolio.allocation} />
      </div>
      <HoldingsCard holdings={portfolio.holdings} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <OpenOrdersCard />
        <ActivityCard />
      </div>
    </>
  );
}

export function Component() {
  const { t } = useTranslation(['portfolio', 'common']);
  const { data, isError, error, refetch } = useQuery(portfolioQuery);
  useTitle(t('title'));
  const lastPair = usePreferences((preferences) => preferences.lastPair);
  const actions = (
    <Button asChild variant="secondary" size="sm">
      <Link to={paths.trade(lastPair)}>{t('common:nav.trade')}</Link>
    </Button>
  );
  return (
    <Page title={t('title')} actions={actions}>
      {data !== undefined ? (
        <Overview portfolio={data} />
      ) : isError ? (
        <Card>
          <ErrorState
            className="py-16"
            title={t('common:errors.loadFailed')}
            text={errorText(error)}
            retryLabel={t('common:retry')}
            onRetry={() => void refetch()}
          />
        </Card>
      ) : (
        <DashboardSkeleton />
      )}
    </Page>
  );
}
