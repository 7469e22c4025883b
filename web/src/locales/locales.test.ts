import { describe, expect, it } from 'vitest';

type Texts = Record<string, unknown>;

const files = import.meta.glob<{ default: Texts }>('./*/*.json', { eager: true });

function keys(texts: Texts, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? keys(value as Texts, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  );
}

function placeholders(texts: Texts): string[] {
  return (JSON.stringify(texts).match(/\{\{\w+\}\}/g) ?? []).sort();
}

const english = Object.keys(files).filter((path) => path.startsWith('./en/'));

describe('texts', () => {
  it.each(english)('%s has a German twin with the same keys and placeholders', (path) => {
    const [source, twin] = [files[path]?.default, files[path.replace('/en/', '/de/')]?.default];
    expect(keys(twin ?? {}).sort()).toEqual(keys(source ?? {}).sort());
    expect(placeholders(twin ?? {})).toEqual(placeholders(source ?? {}));
  });

  it.each(Object.keys(files))('%s is calm: no exclamation marks', (path) => {
    expect(JSON.stringify(files[path]?.default)).not.toContain('!');
  });
});
