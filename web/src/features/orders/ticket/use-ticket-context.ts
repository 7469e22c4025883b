import { useEffect, useMemo, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { feesQuery } from '@/api/fees';
import { withTier } from '@/api/own-fees';
import { usePrice } from '@/stream/use-live';
import { useOwnBalances } from '../use-own-balances';
import type { OrderTicketProps } from './order-ticket';
import type { TicketContext } from './types';

/** A date is judged by the minute; nothing else in the ticket looks at the clock. */
const CLOCK_MS = 30_000;

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), CLOCK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** The world around the form: rules and own fees, the book, balances, and the prices triggers look at. */
export function useTicketContext({ market, book, priceStale, lastTrade }: OrderTicketProps): TicketContext {
  const { base, quote } = useOwnBalances(market.base, market.quote);
  const { data: fees } = useQuery(feesQuery);
  const now = useNow();
  const reference = usePrice(market.symbol)?.reference_price ?? market.ticker?.reference_price ?? null;
  return useMemo(() => {
    const available =
      base === null || quote === null ? null : { base: base.available, quote: quote.available };
    const marks = { reference, last_trade: lastTrade };
    return { market: withTier(market, fees), book, priceStale, available, marks, now };
  }, [market, fees, book, priceStale, base, quote, reference, lastTrade, now]);
}
