/** A new idempotency key: one per intent, kept for its retries. Works on plain http too, where randomUUID does not exist. */
export function newClientOrderId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `web-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
