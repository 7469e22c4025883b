/** As long as the API's own cookie: a read model that is further behind is an outage, not a lag. */
const LIFE_MS = 30_000;

let last = { seq: 0, at: 0 };

/** Note the journal position of an answer. Several may overtake each other, so only the highest counts. */
export function noteSeq(header: unknown, now = Date.now()): void {
  const seq = Number(header);
  if (Number.isSafeInteger(seq) && seq > lastSeq(now)) last = { seq, at: now };
}

/** The position a read of one's own data must not be older than; 0 where there is nothing to wait for. */
export function lastSeq(now = Date.now()): number {
  return now - last.at < LIFE_MS ? last.seq : 0;
}
