import type { Socket } from 'socket.io-client';
import { addFillRaw, addOrderRaw, clearAccount, doubtOrders, setBalanceRaw } from './account-store';
import type { Outcome } from './book-replica';
import { doubtBooks, takeBookRaw, takeDeltaRaw } from './book-store';
import { setCandleRaw } from './candles-store';
import { noteGap, setConnected, setDisconnected, setRecognised } from './connection-store';
import type { ClientEvents, Counted, ServerEvents } from './messages';
import { setNoticeRaw } from './notices-store';
import { setPricesRaw, setTickerRaw } from './prices-store';
import { Rooms } from './rooms';
import { noteSchedule, setRulesRaw } from './rules-store';
import { addTradeRaw } from './trades-store';

export type StreamSocket = Socket<ServerEvents, ClientEvents>;

/** A book that does not add up is asked for again, but not faster than this. */
const RESYNC_PAUSE_MS = 1_000;

/** One connection for the whole app: rooms in, stores out. The socket is an argument so that tests bring their own. */
export class StreamClient {
  readonly #rooms = new Rooms();
  readonly #asked = new Map<string, number>();
  #socket: StreamSocket | null = null;
  #lastOwn: number | null = null;

  attach(socket: StreamSocket): void {
    this.#socket = socket;
    socket.on('connect', () => {
      this.#lastOwn = null;
      doubtBooks();
      doubtOrders();
      setConnected();
      for (const room of this.#rooms.all()) this.#subscribe(socket, room);
    });
    const lost = () => setDisconnected(navigator.onLine);
    socket.on('disconnect', (reason) => {
      lost();
      // The server closed it on purpose (a restart, an expired session): socket.io would not come back by itself.
      if (reason === 'io server disconnect') socket.connect();
    });
    socket.on('connect_error', lost);
    socket.on('prices', (message) => setPricesRaw(message));
    socket.on('ticker', setTickerRaw);
    socket.on('book', (book) => this.#settle(`book:${book.market}`, takeBookRaw(book)));
    socket.on('book_delta', (delta) => this.#settle(`book:${delta.market}`, takeDeltaRaw(delta)));
    socket.on('candle', setCandleRaw);
    socket.on('trade', addTradeRaw);
    socket.on('market', setRulesRaw);
    socket.on('fees', noteSchedule);
    socket.on('order', this.#counted(addOrderRaw));
    socket.on('fill', this.#counted(addFillRaw));
    socket.on('balance', this.#counted(setBalanceRaw));
    socket.on('resync', () => {
      doubtOrders();
      noteGap();
    });
    socket.on('notice', setNoticeRaw);
  }

  /** Own messages are numbered: after a hole everything own is read again over HTTP. A lower number is a repetition. */
  #counted<Message>(take: (message: Message) => void): (message: Message & Counted) => void {
    return (message) => {
      const last = this.#lastOwn ?? message.user_seq;
      const gap = message.user_seq > last + 1;
      this.#lastOwn = Math.max(last, message.user_seq);
      if (gap) doubtOrders();
      take(message);
      if (gap) noteGap();
    };
  }

  /** Subscribing again to a room brings its snapshot. */
  #settle(room: string, outcome: Outcome): void {
    if (outcome !== 'resync' || this.#socket === null) return;
    const now = Date.now();
    const wait = (this.#asked.get(room) ?? 0) + RESYNC_PAUSE_MS - now;
    this.#asked.set(room, now + Math.max(0, wait));
    setTimeout(() => this.#subscribeIfWanted(room), Math.max(0, wait));
  }

  #subscribeIfWanted(room: string): void {
    if (this.#socket?.connected === true && this.#rooms.all().includes(room)) {
      this.#subscribe(this.#socket, room);
    }
  }

  /** Starts looking at a room; call the answer to stop. */
  enter(room: string): () => void {
    if (this.#rooms.enter(room) && this.#socket?.connected === true) {
      this.#subscribe(this.#socket, room);
    }
    return () => {
      if (this.#rooms.leave(room) && this.#socket?.connected === true) {
        this.#socket.emit('unsubscribe', { rooms: [room] });
      }
    };
  }

  /** The private room is chosen at the handshake: who signs in or out needs a new one. */
  identityChanged(): void {
    clearAccount();
    this.reconnect();
  }

  reconnect(): void {
    this.#socket?.disconnect().connect();
  }

  /** One room at a time, because one that does not exist would make the server refuse all of them. */
  #subscribe(socket: StreamSocket, room: string): void {
    socket.emit('subscribe', { rooms: [room] }, ({ ok, rooms }) => {
      if (ok && rooms !== undefined) setRecognised(rooms.includes('user'));
    });
  }
}
