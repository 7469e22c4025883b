import { renderHook, waitFor } from '@testing-library/react';
import i18next from 'i18next';
import { afterEach, describe, expect, it } from 'vitest';
import { useStoryText } from './use-story-text';

const step = (code: string, values: Record<string, string>) =>
  ({ said: [{ code, values }], text: 'What the exchange said.' }) as never;

async function teller() {
  const { result } = renderHook(() => useStoryText());
  await waitFor(() => expect(result.current).toBeDefined());
  return (code: string, values: Record<string, string>) => result.current?.(step(code, values));
}

afterEach(() => i18next.changeLanguage('en'));

describe('useStoryText', () => {
  const values = { type: 'stop', qty: '0.1', base: 'BTC' };

  it('tells a step in the reader’s language, names included', async () => {
    const tell = await teller();
    expect(tell('placed_sell', values)).toBe('A stop was placed to sell 0.1 BTC.');
    await i18next.changeLanguage('de');
    await waitFor(async () =>
      expect((await teller())('placed_sell', values)).toBe(
        'Eine Stop-Order wurde aufgegeben, um 0.1 BTC zu verkaufen.',
      ),
    );
  });

  it('falls back to the words of the exchange where it does not know a sentence', async () => {
    expect((await teller())('from_tomorrow', {})).toBe('What the exchange said.');
  });
});
