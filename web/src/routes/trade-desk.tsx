import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { MarketStrip } from '@/features/trade/market-strip';
import { cn } from '@/lib/cn';
import { Split } from '@/ui/split';
import { PaneColumn, useShownPanes } from './trade-panes';
import type { TradeParts } from './trade-parts';

const PANEL = 'h-full min-h-0 overflow-hidden rounded-panel border border-line bg-panel';

function Box({ className, ...props }: ComponentProps<'section'>) {
  return <section className={cn(PANEL, className)} {...props} />;
}

function BookColumn({ market, book, tape }: Pick<TradeParts, 'market' | 'book' | 'tape'>) {
  const { t } = useTranslation('trade');
  const above = <Box aria-label={`${t('book.title')} ${market.symbol}`}>{book(20)}</Box>;
  const below = <Box>{tape}</Box>;
  return (
    <Split
      id="book"
      direction="column"
      lines={[t('layout.resizeTape')]}
      panes={[
        { key: 'book', share: 66, least: 240, content: above },
        { key: 'tape', share: 34, least: 100, content: below },
      ]}
    />
  );
}

/** The chart alone, or beside it the markets that were put there. */
function ChartArea({ market, markets, chart }: Pick<TradeParts, 'market' | 'markets' | 'chart'>) {
  const { t } = useTranslation('trade');
  const main = <Box aria-label={t('chart.tabs')}>{chart}</Box>;
  if (useShownPanes({ market, markets }).length === 0) return main;
  const beside = <PaneColumn market={market} markets={markets} />;
  return (
    <Split
      id="panes"
      direction="row"
      lines={[t('layout.resizePanes')]}
      panes={[
        { key: 'main', share: 62, least: 320, content: main },
        { key: 'panes', share: 38, least: 220, content: beside },
      ]}
    />
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
  const order = (
    <Box className="flex flex-col overflow-y-auto" aria-label={t('ticket.title')}>
      {ticket()}
      <div className="mt-auto border-t border-line">{balances}</div>
    </Box>
  );
  const columns = (
    <Split
      id="columns"
      direction="row"
      lines={[t('layout.resizeBook'), t('layout.resizeTicket')]}
      panes={[
        { key: 'chart', share: 60, least: 420, content: <ChartArea {...{ market, markets, chart }} /> },
        { key: 'book', share: 20, least: 250, content: <BookColumn {...{ market, book, tape }} /> },
        { key: 'ticket', share: 20, least: 260, content: order },
      ]}
    />
  );
  return (
    <div data-desk className="flex h-[calc(100dvh-3.25rem-1px)] min-h-[46rem] flex-col gap-1.5 p-1.5">
      <Box className="h-auto shrink-0">
        <MarketStrip market={market} picker={picker} />
      </Box>
      <Split
        id="rows"
        direction="column"
        lines={[t('layout.resizeOrders')]}
        panes={[
          { key: 'desk', share: 79, least: 380, content: columns },
          {
            key: 'orders',
            share: 21,
            least: 120,
            content: <Box aria-label={t('orders.tabs')}>{orders}</Box>,
          },
        ]}
      />
    </div>
  );
}
