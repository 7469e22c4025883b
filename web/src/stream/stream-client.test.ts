import { describe, expect, it, vi } from 'vitest';
import { useConnection } from './connection-store';
import { StreamClient, type StreamSocket } from './stream-client';

/** A socket that remembers what was sent and lets the test speak for the server. */
function fakeSocket() {
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

describe('stream client', () => {
  it('subscribes for the first who looks and unsubscribes for the last who leaves', () => {
    const client = new StreamClient();
    const { socket, say, typed } = fakeSocket();
    client.attach(typed);
    say('connect');
    const leaveFirst = client.enter('book:BTC-USDT');
    const leaveSecond = client.enter('book:BTC-USDT');
    expect(socket.emit.mock.calls).toEqual([['subscribe', { rooms: ['book:BTC-USDT'] }]]);
    leaveFirst();
    expect(socket.emit).toHaveBeenCalledTimes(1);
    leaveSecond();
    expect(socket.emit).toHaveBeenLastCalledWith('unsubscribe', { rooms: ['book:BTC-USDT'] });
  });

  it('joins every room again after a reconnection and counts the epoch', () => {
    const client = new StreamClient();
    const { socket, say, typed } = fakeSocket();
    client.enter('prices');
    client.enter('trades:BTC-USDT');
    client.attach(typed);
    say('connect');
    const { epoch } = useConnection.getState();
    say('disconnect', 'transport close');
    expect(useConnection.getState().state).toBe('reconnecting');
    say('connect');
    expect(socket.emit).toHaveBeenCalledTimes(2);
    expect(socket.emit).toHaveBeenLastCalledWith('subscribe', { rooms: ['prices', 'trades:BTC-USDT'] });
    expect(useConnection.getState()).toEqual({ state: 'connected', epoch: epoch + 1 });
  });

  it('comes back by itself when the server closed the connection', () => {
    const { socket, say, typed } = fakeSocket();
    new StreamClient().attach(typed);
    say('connect');
    say('disconnect', 'io server disconnect');
    expect(socket.connect).toHaveBeenCalledTimes(1);
  });
});
