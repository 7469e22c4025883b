import { env } from '../lib/env';
import { StreamClient } from './stream-client';
import { setDisconnected } from './connection-store';

export const stream = new StreamClient();

let started = false;

/** Opens the one live connection, once; the library is fetched after the first paint. */
export async function startStream(): Promise<void> {
  if (started) return;
  started = true;
  const { io } = await import('socket.io-client');
  const socket = io(env.streamUrl, {
    path: '/socket.io',
    transports: ['websocket'],
    withCredentials: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    // A proxy that takes the connection and closes it at once raises no error: only this ends the attempt.
    timeout: 5_000,
  });
  stream.attach(socket);
  window.addEventListener('offline', () => setDisconnected(false));
  window.addEventListener('online', () => {
    setDisconnected(true);
    socket.disconnect().connect();
  });
}
