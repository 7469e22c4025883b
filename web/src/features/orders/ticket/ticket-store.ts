import { create } from 'zustand';
import { EMPTY_TICKET, reduceTicket, type TicketAction } from './ticket-reducer';
import type { TicketState } from './types';

interface TicketStore {
  pair: string;
  ticket: TicketState;
}

/** The form, outside of React so that the book, the chart and the sheet of a phone fill the same one. */
export const useTicket = create<TicketStore>()(() => ({ pair: '', ticket: EMPTY_TICKET }));

export function dispatchTicket(action: TicketAction): void {
  useTicket.setState(({ ticket }) => ({ ticket: reduceTicket(ticket, action) }));
}

/** Another market: side and type stay, price and amount were about the last one. */
export function openTicket(pair: string, price: string | null): void {
  useTicket.setState((store) => {
    if (store.pair === pair) return store;
    const { side, type } = store.ticket;
    return { pair, ticket: { ...EMPTY_TICKET, side, type, price: price ?? '' } };
  });
}
