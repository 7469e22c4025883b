import type { Socket } from 'socket.io-client';
import { addFillRaw, addOrderRaw, clearAccount, setBalanceRaw } from './account-store';
import { setBookRaw } from './book-store';
import { setConnected, setDisconnected, setRecognised } from './connection-store';
import type { ClientEvents, ServerEvents } from './messages';
import { setNoticeRaw } from './notices-store';
import { setPricesRaw, setTickerRaw } from './prices-store';
import { Rooms } from './rooms';
import { addTradeRaw } from './trades-store';

export type StreamSocket = Socket<ServerEvents, ClientEvents>;

/** One connection for the whole app: rooms in, stores out. The socket is an argument so that tests bring their own. */
export class StreamClient {
  readonly #rooms = new Rooms();
  #socket: StreamSocket | null = null;

  attach(socket: StreamSocket): void {
    this.#socket = socket;
    socket.on('connect', () => {
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
    socket.on('book', setBookRaw);
    socket.on('trade', addTradeRaw);
    socket.on('order', addOrderRaw);
    socket.on('fill', addFillRaw);
    socket.on('balance', setBalanceRaw);
    socket.on('notice', setNoticeRaw);
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
