import type { Portfolio } from '@/api/types';
import { add, div, isZero, mul, sub, toFixed } from '@/lib/decimal';

type PriceOf = (asset: string) => string | null;

const product = (amount: string, price: string) => toFixed(mul(amount, price), 2, 'half');

/** The portfolio with every holding valued at the newest price; the total moves by what the holdings moved. */
export function withLivePrices(portfolio: Portfolio, priceOf: PriceOf): Portfolio {
  let moved = '0';
  const holdings = portfolio.holdings.map((holding) => {
    const price = priceOf(holding.asset);
    if (price === null || holding.value_usd === null || isZero(holding.amount)) return holding;
    const value = product(holding.amount, price);
    const difference = sub(value, holding.value_usd);
    moved = add(moved, difference);
    const gain = holding.unrealized_pnl === null ? null : add(holding.unrealized_pnl, difference);
    return { ...holding, price_usd: price, value_usd: value, unrealized_pnl: gain };
  });
  const total = toFixed(add(portfolio.total_value_usd, moved), 2, 'half');
  const allocation = portfolio.allocation.map((share) => {
    const value = holdings.find((holding) => holding.asset === share.asset)?.value_usd ?? share.value_usd;
    return {
      ...share,
      value_usd: value,
      percent: isZero(total) ? '0' : div(mul(value, '100'), total, 2, 'half'),
    };
  });
  const now = { at: portfolio.at, value_usd: total };
  return { ...portfolio, holdings, allocation, total_value_usd: total, history: [...portfolio.history, now] };
}
