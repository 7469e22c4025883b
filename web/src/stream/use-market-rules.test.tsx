import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { feesQuery } from '@/api/fees';
import { marketsQuery } from '@/api/markets';
import { sampleMarket } from '@/testing/markets';
import { noteSchedule, setRulesRaw } from './rules-store';
import { useMarketRules } from './use-market-rules';

function Follower() {
  useMarketRules();
  return null;
}

function follow(): QueryClient {
  const client = new QueryClient();
  client.setQueryData(marketsQuery.queryKey, [sampleMarket(), sampleMarket({ symbol: 'ETH-USDT' })]);
  render(
    <QueryClientProvider client={client}>
      <Follower />
    </QueryClientProvider>,
  );
  return client;
}

describe('useMarketRules', () => {
  it('lays new rules over the markets that were fetched, each of several at once', () => {
    const client = follow();
    const { base_name: _, price_decimals: __, qty_decimals: ___, ticker: ____, ...rules } = sampleMarket();
    act(() => {
      setRulesRaw({ ...rules, taker_fee: '0.002', seq: 5 });
      setRulesRaw({ ...rules, symbol: 'ETH-USDT', status: 'halted', seq: 5 });
    });
    const markets = client.getQueryData(marketsQuery.queryKey);
    expect(markets?.map((market) => [market.taker_fee, market.status])).toEqual([
      ['0.002', 'open'],
      [sampleMarket().taker_fee, 'halted'],
    ]);
    expect(markets?.[0]?.base_name).toBe(sampleMarket().base_name);
  });

  it('asks for the own fees again when the schedule is another one', () => {
    const client = follow();
    const asked = vi.spyOn(client, 'invalidateQueries');
    act(noteSchedule);
    expect(asked).toHaveBeenCalledWith({ queryKey: feesQuery.queryKey });
  });
});
