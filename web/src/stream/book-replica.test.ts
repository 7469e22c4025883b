import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Book } from '../api/types';
import { takeDelta, takeSnapshot, UNKNOWN, type Outcome } from './book-replica';
import { crc32 } from './crc32';
import type { BookDelta } from './messages';

type Step = { outcome: Outcome } & ({ event: 'book'; data: Book } | { event: 'book_delta'; data: BookDelta });

interface Vector {
  name: string;
  says: string;
  steps: Step[];
  synced: boolean;
  book: Pick<Book, 'seq' | 'bids' | 'asks' | 'checksum'> | null;
}

/** The recording that every client of the stream is tested with. */
const { cases } = JSON.parse(readFileSync('../tests/vectors/book_stream.json', 'utf8')) as {
  cases: Vector[];
};

describe('book replica', () => {
  it.each(cases)('$name: $says', ({ steps, synced, book }) => {
    let replica = UNKNOWN;
    for (const { outcome, ...message } of steps) {
      const taken =
        message.event === 'book' ? takeSnapshot(replica, message.data) : takeDelta(replica, message.data);
      expect(taken.outcome).toBe(outcome);
      replica = taken.replica;
    }
    expect(replica.synced).toBe(synced);
    if (book === null) expect(replica.book).toBeNull();
    else expect(replica.book).toMatchObject(book);
  });

  it('computes the CRC-32 that everybody computes', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
    expect(crc32('|')).toBe(2_343_686_810);
  });
});
