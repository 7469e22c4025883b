import { describe, expect, it } from 'vitest';
import { calculateRows, selectRows } from './balance-rows';

const balance = (asset: string, available: string, held: string, price: string | null) => ({
  asset,
  name: `${asset} coin`,
  available,
  held,
  total: '0',
  price_usd: price,
  value_usd: null,
});

const rows = calculateRows(
  [balance('DUST', '0.5', '0', '1'), balance('BTC', '0.1', '0.2', '60000'), balance('NEW', '5', '0', null)],
  (asset) => (asset === 'BTC' ? '61000' : null),
);

describe('balance rows', () => {
  it('values available and held together at the newest price, most valuable first', () => {
    expect(rows.map(({ asset, total, value }) => [asset, total, value])).toEqual([
      ['BTC', '0.3', '18300'],
      ['DUST', '0.5', '0.5'],
      ['NEW', '5', null],
    ]);
  });

  it('hides what is worth less than a dollar, but never what has no known price', () => {
    expect(selectRows(rows, { search: '', hideSmall: true }).map(({ asset }) => asset)).toEqual([
      'BTC',
      'NEW',
    ]);
  });

  it('finds an asset by symbol or name', () => {
    expect(selectRows(rows, { search: ' bTc', hideSmall: false })).toHaveLength(1);
    expect(selectRows(rows, { search: 'dust coin', hideSmall: false })).toHaveLength(1);
  });
});
