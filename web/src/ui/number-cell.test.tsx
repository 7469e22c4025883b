import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Amount, splitZeros } from './amount';
import { NumberCell, tintChange } from './number-cell';

describe('number cell', () => {
  it('finds the first digit that changed and the direction', () => {
    expect(tintChange('64,231.50', '64,231.75')).toEqual({ text: '64,231.75', from: 7, direction: 'up' });
    expect(tintChange('64,231.50', '64,198.00')).toMatchObject({ from: 3, direction: 'down' });
  });

  it('tints the whole figure where its length changed, and nothing where no number is', () => {
    expect(tintChange('9.99', '10.00')).toMatchObject({ from: 0, direction: 'up' });
    expect(tintChange('–', '1.00').direction).toBeNull();
  });

  it('tints only the changed digits of a live figure', () => {
    const { rerender } = render(<NumberCell text="100.10" />);
    rerender(<NumberCell text="100.19" />);
    expect(screen.getByText('9')).toHaveClass('animate-tick-up');
    rerender(<NumberCell text="100.05" />);
    expect(screen.getByText('05')).toHaveClass('animate-tick-down');
  });
});

describe('amount', () => {
  it('lets the zeros step back that say nothing', () => {
    expect(splitZeros('1,200.50000000')).toEqual(['1,200.5', '0000000']);
    expect(splitZeros('10.00000000')).toEqual(['10', '.00000000']);
    expect(splitZeros('100')).toEqual(['100', '']);
  });

  it('keeps the full figure readable as one text', () => {
    const { container } = render(<Amount value="0.05" />);
    expect(container).toHaveTextContent('0.05000000');
  });
});
