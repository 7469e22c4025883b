import type { ComponentProps, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { MarketStrip } from '@/features/trade/market-strip';
import { cn } from '@/lib/cn';
import { PaneColumn, useShownPanes } from './trade-panes';
import type { TradeParts } from './trade-parts';

const PANEL = 'h-full min-h-0 overflow-hidden rounded-panel border border-line bg-panel';

function Box({ className, ...props }: ComponentProps<'section'>) {
  return <section className={cn(PANEL, className)} {...props} />;
}

/** The gap between panels is the handle; it shows itself when it can be moved. */
function Handle({ label, upright = false }: { label: string; upright?: boolean }) {
  return (
    <Separator
      aria-label={label}
      className={cn(
        'rounded-full outline-offset-0 transition-colors hover:bg-brand/50 data-[separator=active]:bg-brand/70',
        upright ? 'mx-0.5 my-2 w-0.5' : 'mx-2 my-0.5 h-0.5',
      )}
    />
  );
}

interface SplitProps {
  id: string;
  orientation: 'horizontal' | 'vertical';
  children: ReactNode;
}

/** Panels whose sizes are remembered on this device. */
function Split({ id, ...props }: SplitProps) {
  const layout = useDefaultLayout({
    id: `cv-${id}`,
    storage: localStorage,
    onlySaveAfterUserInteractions: true,
  });
  return <Group id={id} {...layout} {...props} />;
}

function BookColumn({ market, book, tape }: Pick<TradeParts, 'market' | 'book' | 'tape'>) {
  const { t } = useTranslation('trade');
  return (
    <Split id="trade-book" orientation="vertical">
      <Panel id="book" defaultSize="66%" minSize={240}>
        <Box aria-label={`${t('book.title')} ${market.symbol}`}>{book(20)}</Box>
      </Panel>
      <Handle label={t('layout.resizeTape')} />
      <Panel id="tape" defaultSize="34%" minSize={100}>
        <Box aria-label={t('tape.title')}>{tape}</Box>
      </Panel>
    </Split>
  );
}

/** The chart alone, or beside it the markets that were put there. */
function ChartArea({ market, markets, chart }: Pick<TradeParts, 'market' | 'markets' | 'chart'>) {
  const { t } = useTranslation('trade');
  const main = <Box aria-label={t('chart.tabs')}>{chart}</Box>;
  if (useShownPanes({ market, markets }).length === 0) return main;
  return (
    <Split id="trade-panes" orientation="horizontal">
      <Panel id="main" defaultSize="62%" minSize={320}>
        {main}
      </Panel>
      <Handle label={t('layout.resizePanes')} upright />
      <Panel id="panes" defaultSize="38%" minSize={220}>
        <PaneColumn market={market} markets={markets} />
      </Panel>
    </Split>
  );
}

/** 1280 pixels and more: chart, book over tape, ticket over balances; the user's orders along the bottom. */
export function TradeDesk({
  market,
  markets,
  picker,
  chart,
  book,
  tape,
  ticket,
  balances,
  orders,
}: TradeParts) {
  const { t } = useTranslation('trade');
  return (
    <div data-desk className="flex h-[calc(100dvh-3.25rem-1px)] min-h-[46rem] flex-col gap-1.5 p-1.5">
      <Box className="h-auto shrink-0">
        <MarketStrip market={market} picker={picker} />
      </Box>
      <Split id="trade-rows" orientation="vertical">
        <Panel id="desk" defaultSize="77%" minSize={380}>
          <Split id="trade-columns" orientation="horizontal">
            <Panel id="chart" defaultSize="60%" minSize={420}>
              <ChartArea {...{ market, markets, chart }} />
            </Panel>
            <Handle label={t('layout.resizeBook')} upright />
            <Panel id="middle" defaultSize="20%" minSize={250}>
              <BookColumn {...{ market, book, tape }} />
            </Panel>
            <Handle label={t('layout.resizeTicket')} upright />
            <Panel id="ticket" defaultSize="20%" minSize={260}>
              <Box className="flex flex-col overflow-y-auto" aria-label={t('ticket.title')}>
                {ticket()}
                <div className="mt-auto border-t border-line">{balances}</div>
              </Box>
            </Panel>
          </Split>
        </Panel>
        <Handle label={t('layout.resizeOrders')} />
        <Panel id="orders" defaultSize="23%" minSize={120}>
          <Box aria-label={t('orders.tabs')}>{orders}</Box>
        </Panel>
      </Split>
    </div>
  );
}
