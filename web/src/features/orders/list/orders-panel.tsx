import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useUser } from '@/api/session';
import type { Market, Order } from '@/api/types';
import { useMedia } from '@/lib/use-media';
import { useOpenOrders } from '@/stream/use-live';
import { EmptyState } from '@/ui/empty-state';
import { Switch } from '@/ui/switch';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/ui/tabs';
import { CancelTimerButton } from '../cancel-timer/cancel-timer-button';
import { PositionList } from '../positions/position-list';
import { PositionStrip } from '../positions/position-strip';
import { CancelAllButton } from './cancel-all-button';
import { FillList } from './fill-list';
import { ListState } from './list-state';
import { OpenOrderCards, OpenOrdersTable } from './open-orders';
import type { Precision } from './order-cells';
import { OrderHistory } from './order-history';
import { OrderStory } from './order-story';
import { useCancelling } from './use-cancel-orders';

interface OrdersPanelProps {
  market: Market;
  markets: readonly Market[];
  /** Stands before the tabs. */
  mark?: ReactNode;
}

/** Open orders without those the user has just cancelled. */
function useShownOrders(market: string | undefined) {
  const query = useOpenOrders(market);
  const cancelling = useCancelling((store) => store.ids);
  const shown = useMemo(
    () => query.orders?.filter((order) => !cancelling.has(order.id)),
    [query.orders, cancelling],
  );
  return { ...query, shown };
}

function OwnOrders({ market, markets, mark }: OrdersPanelProps) {
  const { t } = useTranslation('trade');
  const [tab, setTab] = useState('open');
  const [onlyHere, setOnlyHere] = useState(false);
  const [story, setStory] = useState<Order | null>(null);
  const only = onlyHere ? market.symbol : undefined;
  const { shown, error, refetch } = useShownOrders(only);
  const wide = useMedia('(min-width: 768px)');
  const precision = useMemo<Precision>(
    () =>
      Object.fromEntries(
        markets.map((each) => [
          each.symbol,
          {
            price: each.price_decimals,
            qty: each.qty_decimals,
            tick: each.tick_size,
            lot: each.lot_size,
            base: each.base,
          },
        ]),
      ),
    [markets],
  );
  const List = wide ? OpenOrdersTable : OpenOrderCards;
  const count = shown?.length ?? 0;
  return (
    <Tabs value={tab} onValueChange={setTab} className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 flex-wrap items-center justify-between gap-x-4 border-b border-line pr-2 pl-3">
        {mark}
        <TabsList
          aria-label={t('orders.tabs')}
          className="h-10 border-0 [&>button]:h-10 [&>button]:-outline-offset-2"
        >
          <TabsTrigger value="open" aria-keyshortcuts="o">
            {count > 0 ? t('orders.openCount', { count }) : t('orders.open')}
          </TabsTrigger>
          <TabsTrigger value="history" aria-keyshortcuts="h">
            {t('orders.history')}
          </TabsTrigger>
          <TabsTrigger value="fills">{t('orders.fills')}</TabsTrigger>
          <TabsTrigger value="positions" aria-keyshortcuts="i">
            {t('positions.title')}
          </TabsTrigger>
        </TabsList>
        <PositionStrip market={market} />
        <div className="flex h-10 items-center gap-3">
          <label className="flex items-center gap-2 text-12 text-quiet">
            <Switch aria-label={t('orders.thisMarket')} checked={onlyHere} onCheckedChange={setOnlyHere} />
            {t('orders.thisMarket')}
          </label>
          <CancelTimerButton />
          {tab === 'open' && <CancelAllButton orders={shown ?? []} market={only} />}
        </div>
      </div>
      <TabsContent value="open" className="min-h-0 flex-1 overflow-y-auto">
        <ListState
          count={shown?.length}
          error={error}
          onRetry={() => void refetch()}
          empty={{ title: t('orders.emptyOpen'), text: t('orders.emptyOpenText') }}
        >
          <List orders={shown ?? []} precision={precision} onExplain={setStory} />
        </ListState>
      </TabsContent>
      <TabsContent value="history" className="min-h-0 flex-1 overflow-y-auto">
        <OrderHistory market={only} precision={precision} onExplain={setStory} />
      </TabsContent>
      <TabsContent value="fills" className="min-h-0 flex-1 overflow-y-auto">
        <FillList market={only} precision={precision} />
      </TabsContent>
      <TabsContent value="positions" className="min-h-0 flex-1 overflow-y-auto">
        <PositionList markets={markets} only={only} precision={precision} />
      </TabsContent>
      <OrderStory order={story} precision={precision} onClose={() => setStory(null)} />
    </Tabs>
  );
}

/** Open orders, past orders and fills; for a visitor a word on what would be here. */
export function OrdersPanel(props: OrdersPanelProps) {
  const { t } = useTranslation('trade');
  if (useUser() === null) return <EmptyState title={t('orders.signedOut')} className="py-8" />;
  return <OwnOrders {...props} />;
}
