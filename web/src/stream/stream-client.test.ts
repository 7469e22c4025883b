// @vitest-environment jsdom
import { describe, expect, it, vi } from 'vitest';
import { useConnection } from './connection-store';
import { fakeSocket } from '../testing/fake-socket';
import { StreamClient } from './stream-client';

describe('stream client', () => {
  it('subscribes for the first who looks and unsubscribes for the last who leaves', () => {
    const client = new StreamClient();
    const { socket, say, typed } = fakeSocket();
    client.attach(typed);
    say('connect');
    const leaveFirst = client.enter('book:BTC-USDT');
    const leaveSecond = client.enter('book:BTC-USDT');
    expect(socket.emit).toHaveBeenCalledExactlyOnceWith(
      'subscribe',
      { rooms: ['book:BTC-USDT'] },
      expect.any(Function),
    );
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
    const subscribed = socket.emit.mock.calls.map(([, request]) => (request as { rooms: string[] }).rooms);
    expect(subscribed).toEqual([['prices'], ['trades:BTC-USDT'], ['prices'], ['trades:BTC-USDT']]);
    expect(useConnection.getState()).toMatchObject({ state: 'connected', epoch: epoch + 1 });
  });

  it('knows from the answer whether the server put it into the private room', () => {
    const client = new StreamClient();
    const { socket, say, typed } = fakeSocket();
    client.enter('prices');
    client.attach(typed);
    say('connect');
    expect(useConnection.getState().recognised).toBeNull();
    const answer = socket.emit.mock.calls[0]?.[2] as (answer: object) => void;
    answer({ ok: true, rooms: ['prices'] });
    expect(useConnection.getState().recognised).toBe(false);
    answer({ ok: true, rooms: ['prices', 'user'] });
    expect(useConnection.getState().recognised).toBe(true);
  });

  it('asks for a book again that does not add up, once, and not in a hurry', () => {
    vi.useFakeTimers();
    const client = new StreamClient();
    const { socket, say, typed } = fakeSocket();
    client.attach(typed);
    client.enter('book:BTC-USDT');
    say('connect');
    const wrong = { market: 'BTC-USDT', seq: 1, bids: [['1', '1']], asks: [], checksum: 0, at: '' };
    say('book', wrong);
    say('book', wrong);
    vi.advanceTimersByTime(0);
    expect(socket.emit).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1_000);
    expect(socket.emit).toHaveBeenCalledTimes(3);
    vi.useRealTimers();
  });

  it('has own data read again after a hole in the numbers of own messages', () => {
    const { say, typed } = fakeSocket();
    new StreamClient().attach(typed);
    say('connect');
    const balance = (user_seq: number) => ({ asset: 'BTC', available: '1', held: '0', seq: 1, user_seq });
    const before = useConnection.getState().epoch;
    say('balance', balance(7));
    say('balance', balance(8));
    expect(useConnection.getState().epoch).toBe(before);
    say('balance', balance(10));
    expect(useConnection.getState().epoch).toBe(before + 1);
    say('resync');
    expect(useConnection.getState().epoch).toBe(before + 2);
  });

  it('comes back by itself when the server closed the connection', () => {
    const { socket, say, typed } = fakeSocket();
    new StreamClient().attach(typed);
    say('connect');
    say('disconnect', 'io server disconnect');
    expect(socket.connect).toHaveBeenCalledTimes(1);
  });
});
