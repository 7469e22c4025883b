import { create } from 'zustand';

/** connecting: first attempt; reconnecting: was connected, trying again; offline: the browser has no network. */
type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'offline';

interface ConnectionStore {
  state: ConnectionState;
  /** Counts successful connections and gaps; a change means that something may have been missed. */
  epoch: number;
  /** Whether the server put this connection into the private room; null until it has said so. */
  recognised: boolean | null;
}

export const useConnection = create<ConnectionStore>()(() => ({
  state: 'connecting',
  epoch: 0,
  recognised: null,
}));

export function setConnected(): void {
  useConnection.setState(({ epoch }) => ({
    state: 'connected',
    epoch: epoch + 1,
    recognised: null,
  }));
}

/** The connection stands, but messages were lost: whoever refetches after a reconnection does so now. */
export function noteGap(): void {
  useConnection.setState(({ epoch }) => ({ epoch: epoch + 1 }));
}

export function setRecognised(recognised: boolean): void {
  useConnection.setState({ recognised });
}

export function setDisconnected(online: boolean): void {
  useConnection.setState(({ epoch }) => {
    if (!online) return { state: 'offline' };
    return { state: epoch === 0 ? 'connecting' : 'reconnecting' };
  });
}
