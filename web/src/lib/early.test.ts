// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { earlyOr } from './early';

const askedAt = (ms: number) => vi.spyOn(performance, 'now').mockReturnValue(ms);

describe('earlyOr', () => {
  afterEach(() => {
    delete window.earlyAnswers;
    vi.restoreAllMocks();
  });

  it('gives the early answer once and asks after that', async () => {
    askedAt(800);
    window.earlyAnswers = { '/markets': Promise.resolve('early') };
    const ask = vi.fn(() => Promise.resolve('asked'));
    expect(await earlyOr('/markets', ask)).toBe('early');
    expect(await earlyOr('/markets', ask)).toBe('asked');
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('asks again where the early request failed', async () => {
    askedAt(800);
    window.earlyAnswers = { '/markets': Promise.resolve(undefined) };
    expect(await earlyOr('/markets', () => Promise.resolve('asked'))).toBe('asked');
  });

  it('does not believe an answer from long ago', async () => {
    askedAt(60_000);
    window.earlyAnswers = { '/markets': Promise.resolve('early') };
    expect(await earlyOr('/markets', () => Promise.resolve('asked'))).toBe('asked');
  });
});
