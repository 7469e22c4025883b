import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { feesQuery } from '../api/fees';
import { marketsQuery, paperMarketsQuery } from '../api/markets';
import { PREVIEWS } from '../api/orders';
import { isPaper } from '../lib/paper';
import { useConnection } from './connection-store';
import type { RulesMessage } from './messages';
import { useRules } from './rules-store';
import { useRoom } from './use-live';

function layOver(client: QueryClient, { seq: _, ...rules }: RulesMessage): void {
  const { queryKey } = isPaper(rules.symbol) ? paperMarketsQuery : marketsQuery;
  client.setQueryData(queryKey, (markets) =>
    markets?.map((market) => (market.symbol === rules.symbol ? { ...market, ...rules } : market)),
  );
}

/** Keeps what was fetched of markets and fees in step with the exchange, where an operator may change them. */
export function useMarketRules(): void {
  useRoom('markets');
  const client = useQueryClient();
  const epoch = useConnection((store) => store.epoch);
  useEffect(
    () =>
      useRules.subscribe(({ latest, schedules }, before) => {
        if (latest !== null && latest !== before.latest) layOver(client, latest);
        if (schedules !== before.schedules) void client.invalidateQueries({ queryKey: feesQuery.queryKey });
        void client.invalidateQueries({ queryKey: PREVIEWS });
      }),
    [client],
  );
  useEffect(() => {
    if (epoch > 1) void client.invalidateQueries({ queryKey: marketsQuery.queryKey });
  }, [epoch, client]);
}
