import { Columns2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Market } from '@/api/types';
import { PickerPopover } from '@/features/markets/market-picker';
import { MarketPane } from '@/features/trade/panes/market-pane';
import { addPane, removePane, shownPanes, swapPane, usePanes } from '@/features/trade/panes/panes-store';
import { paths } from '@/lib/paths';

interface PanesProps {
  market: Market;
  markets: readonly Market[];
}

/** The markets that stand beside the one being traded. */
export function useShownPanes({ market, markets }: PanesProps): Market[] {
  const pairs = usePanes((store) => store.pairs);
  return shownPanes(pairs, market.symbol, markets);
}

/** A button that puts one more market beside. */
export function AddPane({ market, markets }: PanesProps) {
  const { t } = useTranslation('trade');
  const shown = useShownPanes({ market, markets });
  const others = markets.filter(
    ({ symbol }) => symbol !== market.symbol && !shown.some((pane) => pane.symbol === symbol),
  );
  return (
    <PickerPopover
      markets={others}
      onPick={addPane}
      hotkey="w"
      label={t('panes.add')}
      className="hidden size-8 place-items-center rounded-control text-quiet hover:bg-raised hover:text-strong xl:grid"
    >
      <Columns2 className="size-4" aria-hidden />
    </PickerPopover>
  );
}

/** The panes below each other; each can become the market being traded. */
export function PaneColumn({ market, markets }: PanesProps) {
  const navigate = useNavigate();
  const trade = (pair: string) => {
    swapPane(pair, market.symbol);
    void navigate(paths.trade(pair));
  };
  return (
    <div className="flex h-full min-h-0 flex-col gap-1.5">
      {useShownPanes({ market, markets }).map((pane) => (
        <MarketPane key={pane.symbol} market={pane} onTrade={trade} onRemove={removePane} />
      ))}
    </div>
  );
}
