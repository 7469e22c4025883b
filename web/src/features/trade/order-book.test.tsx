import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import i18next from 'i18next';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { setBookRaw, useBooks } from '@/stream/book-store';
import { sampleMarket } from '@/testing/markets';
import { OrderBook } from './order-book';

const book = {
  market: 'BTC-USDT',
  seq: 1,
  bids: [['99.9', '1'] as [string, string], ['99.5', '2'] as [string, string]],
  asks: [['100.1', '0.5'] as [string, string], ['100.4', '1.5'] as [string, string]],
  checksum: 0,
  at: '2026-01-01T00:00:00Z',
};

beforeAll(() => i18next.loadNamespaces('trade'));
beforeEach(() => {
  useBooks.setState({ books: {} });
  setBookRaw(book);
});

function show(ownPrices: string[] = []) {
  const [onPickPrice, onPickSize] = [vi.fn(), vi.fn()];
  const props = { market: sampleMarket(), ownPrices: new Set(ownPrices), onPickPrice, onPickSize };
  render(<OrderBook {...props} />);
  return { onPickPrice, onPickSize, pointer: userEvent.setup() };
}

const row = (name: RegExp) => screen.getByRole('button', { name });

describe('OrderBook', () => {
  it('draws asks above bids, the best ones next to the spread', () => {
    show();
    const names = screen.getAllByRole('button', { name: /^(Ask|Bid) / }).map((button) => button.textContent);
    expect(names).toEqual([
      'Ask 100.4 1.5000 2.0000',
      'Ask 100.1 0.5000 0.5000',
      'Bid 99.9 1.0000 1.0000',
      'Bid 99.5 2.0000 3.0000',
    ]);
  });

  it('tells the best of both sides and what is near to a screen reader, when asked', async () => {
    const { pointer } = show();
    const told = screen.getByTestId('book-summary');
    expect(told).toBeEmptyDOMElement();
    await pointer.click(row(/^Read the book out/));
    expect(told).toHaveTextContent(
      /^Best bid 99.9 USDT for 1 BTC, best ask 100.1 USDT for 0.5 BTC\. Spread 0.2 USDT/,
    );
    expect(told).toHaveTextContent(/hold 3 BTC to buy and 2 BTC to sell\.$/);
  });

  it('hands the price over on a click, and the size down to it on a shift-click', async () => {
    const { onPickPrice, onPickSize, pointer } = show();
    await pointer.click(row(/^Ask 100.4/));
    expect(onPickPrice).toHaveBeenCalledWith('100.4');
    await pointer.keyboard('{Shift>}');
    await pointer.click(row(/^Bid 99.5/));
    expect(onPickSize).toHaveBeenCalledWith('99.5', '3');
  });

  it('is one tab stop in which arrow keys move', async () => {
    const { onPickPrice, pointer } = show();
    row(/^Bid 99.9/).focus();
    await pointer.keyboard('{ArrowUp}{Enter}');
    expect(onPickPrice).toHaveBeenCalledWith('100.1');
  });

  it('marks own orders', () => {
    show(['99.5']);
    expect(row(/^Bid 99.5/)).toHaveAccessibleName(/your order is here$/);
  });

  it('follows the stream, and keeps the newer book', async () => {
    show();
    act(() => {
      setBookRaw({ ...book, seq: 3, bids: [['99.8', '4']] });
      setBookRaw({ ...book, seq: 2, bids: [['1', '1']] });
    });
    expect(await screen.findByRole('button', { name: /^Bid 99.8/ })).toBeInTheDocument();
  });

  it('says so when nobody is quoting', () => {
    useBooks.setState({ books: { 'BTC-USDT': { ...book, bids: [], asks: [] } } });
    show();
    expect(screen.getByText('Nobody is quoting here yet')).toBeInTheDocument();
  });
});
