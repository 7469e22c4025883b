import { create } from 'zustand';
import type { Book } from '../api/types';

interface BookStore {
  books: Record<string, Book>;
}

/** The newest book of each market in view. Each message replaces the whole book; an older seq is dropped. */
export const useBooks = create<BookStore>()(() => ({ books: {} }));

export function setBookRaw(book: Book): void {
  useBooks.setState(({ books }) => {
    const known = books[book.market];
    return known !== undefined && known.seq > book.seq
      ? { books }
      : { books: { ...books, [book.market]: book } };
  });
}

/** Forgets a market nobody looks at, so that a later visit never starts from an old book. */
export function dropBook(market: string): void {
  useBooks.setState(({ books }) => {
    const { [market]: _dropped, ...rest } = books;
    return { books: rest };
  });
}
