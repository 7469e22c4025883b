import { vi } from 'vitest';
import type { StreamSocket } from '@/stream/stream-client';

/** A socket that remembers what was sent and lets the test speak for the server. */
export function fakeSocket() {
  const listeners = new Map<string, (...values: unknown[]) => void>();
  const socket = {
    connected: false,
    on: (event: string, listener: (...values: unknown[]) => void) => listeners.set(event, listener),
    emit: vi.fn(),
    connect: vi.fn(),
  };
  const say = (event: string, ...values: unknown[]) => {
    if (event === 'connect') socket.connected = true;
    if (event === 'disconnect') socket.connected = false;
    listeners.get(event)?.(...values);
  };
  return { socket, say, typed: socket as unknown as StreamSocket };
}
