import type { Book, BookLevel } from '../api/types';
import { compare } from '../lib/decimal';
import { crc32 } from './crc32';
import type { BookDelta } from './messages';

/** What is known of one book; `synced` is false before the first snapshot and while a new one is awaited. */
export interface Replica {
  book: Book | null;
  synced: boolean;
}

/** applied: the book is another one; ignored: nothing new; resync: ask for a snapshot, the book stays as it was. */
export type Outcome = 'applied' | 'ignored' | 'resync';

export interface Taken {
  replica: Replica;
  outcome: Outcome;
}

export const UNKNOWN: Replica = { book: null, synced: false };

function sideText(side: readonly BookLevel[]): string {
  return side.map(([price, qty]) => `${price}:${qty}`).join(',');
}

/** CRC-32 of `bids|asks`, each level as `price:qty`, levels joined by commas. */
export function checksum({ bids, asks }: Pick<Book, 'bids' | 'asks'>): number {
  return crc32(`${sideText(bids)}|${sideText(asks)}`);
}

/** Where a price is, or belongs, on a side whose best level comes first; `direction` is -1 for bids, 1 for asks. */
function place(side: readonly BookLevel[], price: string, direction: 1 | -1): number {
  let [low, high] = [0, side.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(side[middle]?.[0] ?? '0', price) === -direction) low = middle + 1;
    else high = middle;
  }
  return low;
}

function changed(side: readonly BookLevel[], levels: readonly BookLevel[], direction: 1 | -1): BookLevel[] {
  const result = [...side];
  for (const level of levels) {
    const [price, qty] = level;
    const index = place(result, price, direction);
    const known = result[index]?.[0] === price ? 1 : 0;
    if (qty === '0') result.splice(index, known);
    else result.splice(index, known, level);
  }
  return result;
}

function checked(replica: Replica, book: Book): Taken {
  return checksum(book) === book.checksum
    ? { replica: { book, synced: true }, outcome: 'applied' }
    : { replica: { ...replica, synced: false }, outcome: 'resync' };
}

/** A whole book of the stream always counts, even with a lower number: the publisher has begun again. */
export function takeSnapshot(replica: Replica, book: Book): Taken {
  return checked(replica, book);
}

/** The next difference of the room. A wrong or missing one changes nothing but `synced`. */
export function takeDelta(replica: Replica, { prev_seq, ...delta }: BookDelta): Taken {
  const { book, synced } = replica;
  if (book === null || !synced || delta.seq <= book.seq) return { replica, outcome: 'ignored' };
  if (prev_seq !== book.seq) return { replica: { ...replica, synced: false }, outcome: 'resync' };
  const bids = changed(book.bids, delta.bids, -1);
  const asks = changed(book.asks, delta.asks, 1);
  return checked(replica, { ...delta, bids, asks });
}
