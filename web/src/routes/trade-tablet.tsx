import { useTranslation } from 'react-i18next';
import { MarketStrip } from '@/features/trade/market-strip';
import { Card } from '@/ui/card';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/ui/tabs';
import type { TradeParts } from './trade-parts';

/** 768 to 1279 pixels: the chart beside one column in which ticket, book and tape take turns. */
export function TradeTablet({ market, picker, chart, book, tape, ticket, balances, orders }: TradeParts) {
  const { t } = useTranslation('trade');
  return (
    <div className="grid gap-1.5 p-1.5">
      <Card className="overflow-hidden">
        <MarketStrip market={market} picker={picker} />
      </Card>
      <div className="grid h-[42rem] grid-cols-[minmax(0,1fr)_19rem] gap-1.5">
        <Card className="overflow-hidden">{chart}</Card>
        <Card className="overflow-hidden">
          <Tabs defaultValue="ticket" className="flex h-full flex-col">
            <TabsList
              aria-label={t('layout.sections')}
              className="shrink-0 px-3 [&>button]:h-10 [&>button]:-outline-offset-2"
            >
              <TabsTrigger value="ticket">{t('layout.ticket')}</TabsTrigger>
              <TabsTrigger value="book">{t('layout.book')}</TabsTrigger>
              <TabsTrigger value="tape">{t('layout.tape')}</TabsTrigger>
            </TabsList>
            <TabsContent value="ticket" className="min-h-0 flex-1 overflow-y-auto">
              {ticket()}
              <div className="border-t border-line">{balances}</div>
            </TabsContent>
            <TabsContent value="book" className="min-h-0 flex-1">
              {book(22)}
            </TabsContent>
            <TabsContent value="tape" className="min-h-0 flex-1">
              {tape}
            </TabsContent>
          </Tabs>
        </Card>
      </div>
      <Card className="min-h-64 overflow-hidden">{orders}</Card>
    </div>
  );
}
