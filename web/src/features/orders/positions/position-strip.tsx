import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Market } from '@/api/types';
import { isZero } from '@/lib/decimal';
import { formatDecimal } from '@/lib/format';
import { usePrice } from '@/stream/use-live';
import { Gain } from './gain';
import { valuePosition } from './positions';
import { usePositions } from './use-positions';

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-1.5 whitespace-nowrap">
      <dt className="text-quiet">{name}</dt>
      <dd className="num text-strong">{children}</dd>
    </div>
  );
}

/** What the user holds of this market by trading, and what it has won or lost; nothing before the first trade. */
export function PositionStrip({ market }: { market: Market }) {
  const { t } = useTranslation('trade');
  const { positions } = usePositions();
  const price = usePrice(market.symbol)?.last ?? market.ticker?.reference.last ?? null;
  const position = positions?.find((each) => each.market === market.symbol);
  if (position === undefined) return null;
  const { averageCost, unrealised, unrealisedPercent } = valuePosition(position, price);
  const held = !isZero(position.qty);
  return (
    <dl
      data-testid="position-strip"
      aria-label={t('positions.strip', { market: market.symbol })}
      className="order-last -mr-2 -ml-3 flex basis-[calc(100%+1.25rem)] flex-wrap gap-x-5 gap-y-0.5 border-t border-line bg-raised/50 px-3 py-1.5 text-12 xl:order-none xl:m-0 xl:flex-1 xl:basis-0 xl:justify-end xl:border-0 xl:bg-transparent xl:py-0"
    >
      <Fact name={t('positions.position')}>
        {formatDecimal(position.qty, { maxDecimals: 8 })} {market.base}
      </Fact>
      {held && (
        <>
          <Fact name={t('positions.average')}>
            {formatDecimal(averageCost, { decimals: market.price_decimals })}
          </Fact>
          <Fact name={t('positions.unrealised')}>
            <Gain amount={unrealised} percent={unrealisedPercent} />
          </Fact>
        </>
      )}
      <Fact name={t('positions.realised')}>
        <Gain amount={position.realised} /> <span className="text-quiet">{market.quote}</span>
      </Fact>
    </dl>
  );
}
