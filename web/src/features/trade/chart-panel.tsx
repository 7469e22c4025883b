import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market } from '@/api/types';
import { useIdle } from '@/lib/use-idle';
import { useMedia } from '@/lib/use-media';
import { Segmented } from '@/ui/segmented';
import { LaterSelect } from '@/ui/later-select';
import { Skeleton } from '@/ui/skeleton';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/ui/tabs';
import { chooseInterval, useInterval } from './interval-store';
import { INTERVALS } from './merge-candles';
import type { OrderLine } from './order-lines/order-lines';

/** The charting library is the largest part of the page, so it comes after the first paint. */
const CandleChart = lazy(() => import('./candle-chart'));

/** Behind a tab each. */
const DepthChart = lazy(() => import('./depth-chart'));
const MarketInfo = lazy(() => import('./market-info'));

interface ChartPanelProps {
  market: Market;
  orderLines: readonly OrderLine[];
}

/** Candles, depth and rules of one market, by tabs. */
export function ChartPanel({ market, orderLines }: ChartPanelProps) {
  const { t } = useTranslation('trade');
  const interval = useInterval((store) => store.interval);
  const [tab, setTab] = useState('price');
  const wide = useMedia('(min-width: 768px)');
  const idle = useIdle();
  const pending = <Skeleton className="m-3 h-[calc(100%-1.5rem)]" />;
  const options = INTERVALS.map((value) => ({ value, label: value }));
  return (
    <Tabs value={tab} onValueChange={setTab} className="flex h-full min-h-0 flex-col">
      <div className="flex h-10 shrink-0 items-center justify-between gap-3 border-b border-line pr-2 pl-3">
        <TabsList
          aria-label={t('chart.tabs')}
          className="h-10 border-0 [&>button]:h-10 [&>button]:-outline-offset-2"
        >
          <TabsTrigger value="price" aria-keyshortcuts="c">
            {t('chart.price')}
          </TabsTrigger>
          <TabsTrigger value="depth" aria-keyshortcuts="d">
            {t('chart.depth')}
          </TabsTrigger>
          <TabsTrigger value="info">{t('chart.info')}</TabsTrigger>
        </TabsList>
        {tab === 'price' && !wide && (
          <LaterSelect
            aria-label={t('chart.interval')}
            value={interval}
            onChange={chooseInterval}
            options={options}
            className="h-8 border-transparent bg-transparent px-2 text-13"
          />
        )}
        {tab === 'price' && wide && (
          <Segmented
            aria-label={t('chart.interval')}
            value={interval}
            onChange={chooseInterval}
            options={options}
            className="[&>button]:h-6 [&>button]:px-2 [&>button]:text-12"
          />
        )}
      </div>
      <TabsContent value="price" className="min-h-0 flex-1 pt-1">
        <Suspense fallback={pending}>
          {idle ? (
            <CandleChart key={`${market.symbol} ${interval}`} {...{ market, interval, orderLines }} />
          ) : (
            pending
          )}
        </Suspense>
      </TabsContent>
      <TabsContent value="depth" className="min-h-0 flex-1">
        <Suspense fallback={pending}>
          <DepthChart market={market} />
        </Suspense>
      </TabsContent>
      <TabsContent value="info" className="min-h-0 flex-1 overflow-y-auto">
        <Suspense fallback={pending}>
          <MarketInfo market={market} />
        </Suspense>
      </TabsContent>
    </Tabs>
  );
}
