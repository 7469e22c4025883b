/** Counts who looks at which room, so that the last to leave unsubscribes and a reconnect joins them all again. */
export class Rooms {
  readonly #counts = new Map<string, number>();

  /** True for the first to enter. */
  enter(room: string): boolean {
    const count = this.#counts.get(room) ?? 0;
    this.#counts.set(room, count + 1);
    return count === 0;
  }

  /** True for the last to leave. */
  leave(room: string): boolean {
    const count = this.#counts.get(room) ?? 0;
    if (count > 1) this.#counts.set(room, count - 1);
    else this.#counts.delete(room);
    return count === 1;
  }

  all(): string[] {
    return [...this.#counts.keys()];
  }
}
