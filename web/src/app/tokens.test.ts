import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('src/app/styles.css', 'utf8');

type Tokens = Record<string, string>;

/** The custom properties of one rule. */
function tokens(selector: string): Tokens {
  const start = css.indexOf(`\n${selector} {`);
  const body = css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start));
  const found: Tokens = {};
  for (const [, name = '', value = ''] of body.matchAll(/--([\w-]+): (.+);/g)) found[name] = value;
  return found;
}

/** Relative luminance (WCAG 2) of an `oklch(l c h)` colour, clipped to sRGB. */
function luminance(colour: string): number {
  const [l = 0, c = 0, h = 0] = colour
    .replace(/oklch\(|\)/g, '')
    .split(' ')
    .map(Number);
  const [a, b] = [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
  const [x, y, z] = [
    (l + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (l - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (l - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ];
  const clip = (value: number) => Math.min(Math.max(value, 0), 1);
  const red = clip(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z);
  const green = clip(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z);
  const blue = clip(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const light = tokens(':root');
const dark = { ...light, ...tokens('.dark') };
const themes: Record<string, Tokens> = {
  light,
  dark,
  'light colour-blind': { ...light, ...tokens('.colour-blind') },
  'dark colour-blind': { ...dark, ...tokens('.colour-blind'), ...tokens('.dark.colour-blind') },
};

const TEXTS = ['strong', 'normal', 'quiet', 'brand', 'buy', 'sell', 'warn', 'info'];
const SURFACES = ['bg', 'panel', 'raised'];

describe.each(Object.entries(themes))('%s theme', (_name, theme) => {
  const of = (name: string) => theme[name] ?? '';

  it.each(TEXTS)('reads %s at 4.5:1 or better on every surface', (text) => {
    for (const surface of SURFACES) expect(contrast(of(text), of(surface))).toBeGreaterThanOrEqual(4.5);
  });

  it('reads the label of every filled button at 4.5:1 or better', () => {
    expect(contrast(of('on-brand'), of('brand-fill'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of('on-fill'), of('buy'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of('on-fill'), of('sell'))).toBeGreaterThanOrEqual(4.5);
  });
});
