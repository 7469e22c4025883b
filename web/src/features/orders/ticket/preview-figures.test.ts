import { describe, expect, it } from 'vitest';
import type { GroupPreview } from '@/api/types';
import { pickFigures } from './preview-figures';
import { amount, sampleContext, samplePreview, sampleTicket } from './ticket-samples';
import { calculateTicketSummary } from './ticket-summary';

const ticket = sampleTicket({ type: 'limit', price: '101.4', entered: amount('3') });
const summary = calculateTicketSummary(ticket, sampleContext);
const resting = { filled_qty: '0', average_price: null, slippage_percent: null, fee: '0', total: '0' };

describe('pickFigures', () => {
  it('reckons from the form until the exchange has said something', () => {
    const figures = pickFigures(summary, null);
    expect(figures).toMatchObject({ average: summary.average, total: summary.total, holds: [] });
    expect(figures.fees).toEqual([{ amount: '0.0045', rate: '0.0015' }]);
  });

  it('tells the fee of what trades at once, and that of the rest at the rate of a maker', () => {
    const preview = { ...samplePreview, resting_qty: '1', rest_fee: '0.0005', hold: '101.4' };
    expect(pickFigures(summary, preview)).toMatchObject({
      average: '100.7',
      total: summary.total,
      fees: [
        { amount: '0.0016', rate: '0.0008' },
        { amount: '0.0005', rate: '0.0005' },
      ],
      either: false,
      holds: [{ asset: 'USDT', amount: '101.4' }],
    });
  });

  it("tells the maker's rate of an order that only rests", () => {
    const preview = {
      ...samplePreview,
      ...resting,
      fee_rate: '0.0005',
      rest_fee: '0.0015',
      resting_qty: '3',
    };
    expect(pickFigures(summary, preview).fees).toEqual([{ amount: '0.0015', rate: '0.0005' }]);
  });

  it('of a pair tells what either costs, and what both hold together', () => {
    const one = { ...samplePreview, ...resting, resting_qty: '3' };
    const group: GroupPreview = {
      ...samplePreview,
      orders: [
        { ...one, role: 'take_profit', type: 'limit', fee_rate: '0.0005', rest_fee: '0.0015', hold: '270' },
        { ...one, role: 'stop_loss', type: 'stop', fee_rate: '0.0008', rest_fee: '0.0024', hold: '45' },
      ],
    };
    expect(pickFigures(summary, group)).toMatchObject({
      fees: [
        { amount: '0.0015', rate: '0.0005' },
        { amount: '0.0024', rate: '0.0008' },
      ],
      either: true,
      holds: [{ asset: 'USDT', amount: '315' }],
    });
  });

  it('of a bracket tells what its entry does, and what it and the exits hold', () => {
    const exit = { ...samplePreview, ...resting, fee_asset: 'USDT', hold: '2', hold_asset: 'BTC' };
    const group: GroupPreview = {
      ...samplePreview,
      orders: [
        { ...samplePreview, role: 'entry', type: 'limit', hold: '90' },
        { ...exit, role: 'take_profit', type: 'limit' },
        { ...exit, role: 'stop_loss', type: 'stop', hold: '0' },
      ],
    };
    expect(pickFigures(summary, group)).toMatchObject({
      average: '100.7',
      total: '201.4',
      fees: [{ amount: '0.0016', rate: '0.0008' }],
      holds: [
        { asset: 'USDT', amount: '90' },
        { asset: 'BTC', amount: '2' },
      ],
    });
  });
});
