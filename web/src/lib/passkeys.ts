/** The browser's side of WebAuthn: the server's JSON in, the authenticator's JSON out. */

type Json = Record<string, unknown>;

/** Whether this browser can make and use passkeys in the form our server speaks. */
export function passkeysSupported(): boolean {
  return (
    typeof PublicKeyCredential === 'function' &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function'
  );
}

function toJson(credential: Credential | null): Json {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException('No passkey', 'NotAllowedError');
  return credential.toJSON() as Json;
}

/** Makes a passkey; rejects with a DOMException where the person or the device says no. */
export async function createPasskey(options: Json): Promise<Json> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  return toJson(await navigator.credentials.create({ publicKey }));
}

/** Has a passkey answer the server's question. */
export async function askPasskey(options: Json): Promise<Json> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  return toJson(await navigator.credentials.get({ publicKey }));
}

/** Why a ceremony ended without a passkey: a key of the texts `common:passkey.*`; null for other errors. */
export function passkeyProblem(error: unknown): 'cancelled' | 'known' | 'unsupported' | null {
  if (!(error instanceof DOMException)) return null;
  if (error.name === 'InvalidStateError') return 'known';
  if (error.name === 'NotSupportedError' || error.name === 'SecurityError') return 'unsupported';
  return 'cancelled';
}
