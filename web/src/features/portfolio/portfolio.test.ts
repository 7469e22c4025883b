import { describe, expect, it } from 'vitest';
import type { Portfolio } from '@/api/types';
import { withLivePrices } from './live-portfolio';
import { changeOver, foldSmall, pointsInRange } from './value-range';

const NOW = Date.parse('2026-11-21T00:00:00Z');
const point = (hoursAgo: number, value: string) => ({
  at: new Date(NOW - hoursAgo * 3_600_000).toISOString(),
  value_usd: value,
});

describe('value range', () => {
  it('takes the points in range and the last one before it as the start', () => {
    const history = [point(72, '1'), point(48, '2'), point(12, '3'), point(0, '4')];
    expect(pointsInRange(history, '1D', NOW).map(({ value_usd }) => value_usd)).toEqual(['2', '3', '4']);
    expect(pointsInRange(history, 'All', NOW)).toHaveLength(4);
    expect(pointsInRange([], '1W', NOW)).toEqual([]);
  });

  it('begins with the first money, not with the nothing before it', () => {
    const history = [point(9, '0.00'), point(8, '0.00'), point(7, '10000.00'), point(0, '10050.00')];
    expect(pointsInRange(history, '1W', NOW).map(({ value_usd }) => value_usd)).toEqual([
      '10000.00',
      '10050.00',
    ]);
    expect(pointsInRange([point(1, '0.00')], 'All', NOW)).toEqual([]);
  });

  it('knows no percentage of nothing', () => {
    expect(changeOver([point(2, '0'), point(0, '10000')])).toEqual({ usd: '10000', percent: null });
    expect(changeOver([point(2, '100'), point(0, '112.5')])).toEqual({ usd: '12.5', percent: '12.5' });
    expect(changeOver([point(0, '1')])).toBeNull();
  });

  it('folds the small shares into one and loses nothing', () => {
    const slices = ['40', '30', '20', '6', '4'].map((value, index) => ({
      asset: `A${index}`,
      value_usd: value,
      percent: value,
    }));
    expect(foldSmall(slices, 2, 'Others').at(-1)).toEqual({
      asset: 'Others',
      value_usd: '30',
      percent: '30',
    });
    expect(foldSmall(slices, 4, 'Others')).toHaveLength(5);
  });
});

describe('live portfolio', () => {
  const holding = {
    asset: 'BTC',
    name: 'Bitcoin',
    amount: '0.5',
    available: '0.5',
    held: '0',
    price_usd: '60000',
    value_usd: '30000',
    change_24h: null,
    average_cost: '50000',
    unrealized_pnl: '5000',
  };
  const portfolio: Portfolio = {
    total_value_usd: '40000',
    change_24h_usd: '0',
    change_24h_percent: '0',
    allocation: [{ asset: 'BTC', value_usd: '30000', percent: '75' }],
    holdings: [holding],
    history: [],
    at: new Date(NOW).toISOString(),
  };

  it('moves value, gain, share and total by what the price moved', () => {
    const live = withLivePrices(portfolio, () => '61000');
    expect(live.holdings[0]).toMatchObject({ value_usd: '30500.00', unrealized_pnl: '5500' });
    expect(live.total_value_usd).toBe('40500.00');
    expect(live.allocation[0]).toMatchObject({ value_usd: '30500.00', percent: '75.31' });
    expect(live.history.at(-1)?.value_usd).toBe('40500.00');
  });

  it('leaves a holding alone whose price is not known', () => {
    expect(withLivePrices(portfolio, () => null).holdings[0]).toBe(holding);
  });
});
