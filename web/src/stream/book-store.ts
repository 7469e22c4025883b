import { create } from 'zustand';
import type { Book } from '../api/types';
import { takeDelta, takeSnapshot, UNKNOWN, type Outcome, type Replica, type Taken } from './book-replica';
import type { BookDelta } from './messages';

interface BookStore {
  books: Record<string, Book>;
  /** Whether the book joins up with the stream; false or missing while a snapshot is awaited. */
  synced: Record<string, boolean>;
}

/** The newest good book of each market in view. */
export const useBooks = create<BookStore>()(() => ({ books: {}, synced: {} }));

function replicaOf(market: string): Replica {
  const { books, synced } = useBooks.getState();
  const book = books[market];
  return book === undefined ? UNKNOWN : { book, synced: synced[market] === true };
}

function keep(market: string, { replica: { book, synced }, outcome }: Taken): Outcome {
  if (outcome === 'ignored') return outcome;
  useBooks.setState((store) => ({
    books: outcome === 'applied' && book !== null ? { ...store.books, [market]: book } : store.books,
    synced: store.synced[market] === synced ? store.synced : { ...store.synced, [market]: synced },
  }));
  return outcome;
}

/** A book as fetched over HTTP: shown until the stream brings its own, and never instead of a newer one. */
export function setBookRaw(book: Book): void {
  useBooks.setState(({ books }) => {
    const known = books[book.market];
    return known !== undefined && known.seq > book.seq
      ? { books }
      : { books: { ...books, [book.market]: book } };
  });
}

/** A snapshot of the stream, which always counts. */
export function takeBookRaw(book: Book): Outcome {
  return keep(book.market, takeSnapshot(replicaOf(book.market), book));
}

/** A difference of the stream; after `resync` the room must be subscribed to again. */
export function takeDeltaRaw(delta: BookDelta): Outcome {
  return keep(delta.market, takeDelta(replicaOf(delta.market), delta));
}

/** After a lost connection no difference joins up any more; what is shown stays until the snapshot comes. */
export function doubtBooks(): void {
  useBooks.setState({ synced: {} });
}

/** Forgets a market nobody looks at, so that a later visit never starts from an old book. */
export function dropBook(market: string): void {
  useBooks.setState(({ books, synced }) => {
    const { [market]: _dropped, ...rest } = books;
    const { [market]: _doubted, ...others } = synced;
    return { books: rest, synced: others };
  });
}
