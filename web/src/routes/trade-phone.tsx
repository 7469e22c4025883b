import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Side } from '@/api/types';
import { MarketStripCompact } from '@/features/trade/market-strip';
import { whenIdle } from '@/lib/when-idle';
import { Button } from '@/ui/button';
import { Segmented } from '@/ui/segmented';
import type { TradeParts } from './trade-parts';

const loadSheet = () => import('./trade-sheet');
const TicketSheet = lazy(loadSheet);

const SECTIONS = ['book', 'tape', 'orders'] as const;
type Section = (typeof SECTIONS)[number];

interface ActionsProps {
  base: string;
  onOpen: (side: Side) => void;
}

/** Buy and sell stay within reach of the thumb, above the navigation. */
function Actions({ base, onOpen }: ActionsProps) {
  const { t } = useTranslation('trade');
  return (
    <div className="fixed inset-x-0 bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-20 grid grid-cols-2 gap-2 border-t border-line bg-panel p-2">
      <Button variant="buy" size="lg" onClick={() => onOpen('buy')}>
        {t('ticket.submit_buy', { asset: base })}
      </Button>
      <Button variant="sell" size="lg" onClick={() => onOpen('sell')}>
        {t('ticket.submit_sell', { asset: base })}
      </Button>
    </div>
  );
}

/** Below 768 pixels: price, chart, and one section at a time; the ticket comes up as a sheet. */
export function TradePhone({
  market,
  picker,
  chart,
  book,
  tape,
  ticket,
  balances,
  orders,
  chooseSide,
}: TradeParts) {
  const { t } = useTranslation('trade');
  const [section, setSection] = useState<Section>('book');
  const [open, setOpen] = useState(false);
  const showTicket = useCallback(() => setOpen(true), []);
  const close = () => setOpen(false);
  useEffect(() => whenIdle(() => void loadSheet()), []);
  const openTicket = (side: Side) => {
    chooseSide(side);
    showTicket();
  };
  return (
    <div className="flex min-w-0 flex-col pb-16">
      <MarketStripCompact market={market} picker={picker} />
      <div className="h-80 border-y border-line bg-panel">{chart}</div>
      <div className="p-2">
        <Segmented
          aria-label={t('layout.sections')}
          value={section}
          onChange={setSection}
          options={SECTIONS.map((value) => ({ value, label: t(`layout.${value}`) }))}
          className="w-full"
        />
      </div>
      <div className="border-y border-line bg-panel">
        {section === 'book' && <div className="h-[30rem]">{book(26, showTicket)}</div>}
        {section === 'tape' && <div className="h-[30rem]">{tape}</div>}
        {section === 'orders' && (
          <>
            <div className="border-b border-line">{balances}</div>
            <div className="min-h-80">{orders}</div>
          </>
        )}
      </div>
      <Actions base={market.base} onOpen={openTicket} />
      {open && (
        <Suspense fallback={null}>
          <TicketSheet title={market.symbol} onClose={close}>
            {ticket(close)}
          </TicketSheet>
        </Suspense>
      )}
    </div>
  );
}
