import { screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleMarket } from '@/testing/markets';
import { renderPage } from '@/testing/render';
import { useFavourites } from './favourites-store';
import { MarketPicker } from './market-picker';

const [btc, eth, sol] = [
  sampleMarket(),
  sampleMarket({ symbol: 'ETH-USDT', base: 'ETH', base_name: 'Ethereum' }),
  sampleMarket({ symbol: 'SOL-USDT', base: 'SOL', base_name: 'Solana' }),
] as const;

async function open() {
  const onPick = vi.fn();
  const Picker = () => <MarketPicker market={btc} markets={[btc, eth, sol]} onPick={onPick} />;
  const view = await renderPage(Picker, { texts: ['trade', 'markets'] });
  await view.pointer.click(screen.getByRole('button', { name: /^Choose a market/ }));
  await screen.findByRole('combobox');
  return { ...view, onPick };
}
const names = () => screen.getAllByRole('option').map((option) => option.textContent.slice(0, 12));

beforeEach(() => useFavourites.setState({ pairs: [] }));

describe('MarketPicker', () => {
  it('is chosen from with arrow keys and Enter while the field keeps the focus', async () => {
    const { pointer, onPick } = await open();
    await pointer.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect(onPick).toHaveBeenCalledWith('SOL-USDT');
    expect(screen.queryByRole('listbox')).not.toBeInTheDocument();
  });

  it('finds by name, and says when nothing matches', async () => {
    const { pointer, onPick } = await open();
    await pointer.keyboard('zz');
    expect(screen.getByText('No market matches')).toBeInTheDocument();
    await pointer.clear(screen.getByRole('combobox'));
    await pointer.keyboard('solana{Enter}');
    expect(onPick).toHaveBeenCalledWith('SOL-USDT');
  });

  it('puts favourites first', async () => {
    useFavourites.setState({ pairs: ['SOL-USDT'] });
    await open();
    expect(names()[0]).toContain('SOL/USDT');
  });

  it('closes with Esc', async () => {
    const { pointer, onPick } = await open();
    await pointer.keyboard('{Escape}');
    expect(screen.queryByRole('listbox')).not.toBeInTheDocument();
    expect(onPick).not.toHaveBeenCalled();
  });
});
