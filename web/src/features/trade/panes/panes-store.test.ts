import { beforeEach, describe, expect, it } from 'vitest';
import { addPane, removePane, shownPanes, swapPane, usePanes, withPane } from './panes-store';

beforeEach(() => usePanes.setState({ pairs: [] }));
const pairs = () => usePanes.getState().pairs;

describe('panes', () => {
  it('hold a market once, and at most three: the oldest makes room', () => {
    expect(withPane(['A', 'B'], 'A')).toEqual(['A', 'B']);
    expect(withPane(['A', 'B', 'C'], 'D')).toEqual(['B', 'C', 'D']);
  });

  it('are added and removed', () => {
    addPane('A');
    addPane('B');
    removePane('A');
    expect(pairs()).toEqual(['B']);
  });

  it('change places with the market being traded', () => {
    usePanes.setState({ pairs: ['A', 'B'] });
    swapPane('A', 'X');
    expect(pairs()).toEqual(['X', 'B']);
    swapPane('X', 'B');
    expect(pairs()).toEqual(['B']);
  });

  it('show neither the market being traded nor one that is gone', () => {
    const markets = [{ symbol: 'A' }, { symbol: 'B' }];
    expect(shownPanes(['A', 'GONE', 'B'], 'B', markets)).toEqual([{ symbol: 'A' }]);
  });
});
