import { useTranslation } from 'react-i18next';
import type { Explanation } from '@/api/types';

type Step = Explanation['steps'][number];

/** Values of a sentence that are words themselves, and come by their names. */
const WORDS = ['type', 'role', 'source'];

/** Tells a step in the reader's language; undefined until its words are there. */
export function useStoryText(): ((step: Step) => string) | undefined {
  const { t, i18n, ready } = useTranslation('story', { useSuspense: false });
  const known = (key: string) => i18n.exists(key, { ns: 'story' });
  const say = t as (key: string, values?: Record<string, string>) => string;
  if (!ready) return undefined;
  return ({ said, text }) => {
    // A sentence that this version does not know yet: the exchange's own English is better than a gap.
    if (!said.every(({ code }) => known(`sentences.${code}`))) return text;
    const inWords = ([name, value]: [string, string]): [string, string] =>
      WORDS.includes(name) && known(`words.${name}.${value}`)
        ? [name, say(`words.${name}.${value}`)]
        : [name, value];
    return said
      .map(({ code, values }) =>
        say(`sentences.${code}`, Object.fromEntries(Object.entries(values).map(inWords))),
      )
      .join(' ');
  };
}
