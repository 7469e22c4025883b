import { expect, it } from 'vitest';
import { lastSeq, noteSeq } from './last-seq';

it('keeps the highest position, whatever order answers come in, and forgets it after a while', () => {
  noteSeq('7', 1_000);
  noteSeq('5', 1_100);
  noteSeq(undefined, 1_200);
  noteSeq('nonsense', 1_300);
  expect(lastSeq(2_000)).toBe(7);
  expect(lastSeq(31_000)).toBe(0);
  noteSeq('6', 31_000);
  expect(lastSeq(31_001)).toBe(6);
});
