/** Wallets of the browser: found by EIP-6963, spoken to by EIP-1193. */

interface Provider {
  request: (call: { method: string; params?: readonly unknown[] }) => Promise<unknown>;
}

export interface Wallet {
  info: { uuid: string; name: string; icon: string; rdns: string };
  provider: Provider;
}

export interface WalletAccount {
  address: string;
  chainId: number;
}

const REJECTED = 4001;

function isWallet(detail: unknown): detail is Wallet {
  if (typeof detail !== 'object' || detail === null || !('info' in detail) || !('provider' in detail))
    return false;
  const { info } = detail as { info: unknown };
  return typeof info === 'object' && info !== null && 'uuid' in info && 'name' in info && 'icon' in info;
}

/** Asks every wallet to show itself, and tells of each once; call the answer to stop listening. */
export function discoverWallets(onWallet: (wallet: Wallet) => void): () => void {
  const seen = new Set<string>();
  const listen = (event: Event) => {
    const detail = event instanceof CustomEvent ? (event.detail as unknown) : null;
    if (!isWallet(detail) || seen.has(detail.info.uuid)) return;
    seen.add(detail.info.uuid);
    onWallet(detail);
  };
  window.addEventListener('eip6963:announceProvider', listen);
  window.dispatchEvent(new Event('eip6963:requestProvider'));
  return () => window.removeEventListener('eip6963:announceProvider', listen);
}

/** The account the person lets us see, and the chain the wallet is on. */
export async function connectWallet({ provider }: Wallet): Promise<WalletAccount> {
  const accounts = (await provider.request({ method: 'eth_requestAccounts' })) as readonly string[];
  const chain = (await provider.request({ method: 'eth_chainId' })) as string;
  const [address] = accounts;
  if (address === undefined) throw new Error('The wallet shared no account.');
  return { address, chainId: Number(chain) };
}

function hex(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Has the wallet sign a message by personal_sign. */
export async function signMessage({ provider }: Wallet, address: string, message: string): Promise<string> {
  return (await provider.request({ method: 'personal_sign', params: [hex(message), address] })) as string;
}

/** Whether the person said no in the wallet. */
export function isRejection(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === REJECTED;
}

/** An icon is a picture and nothing else: only data addresses, and those only through <img>. */
export function safeIcon(icon: string): string | undefined {
  return /^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/.test(icon) ? icon : undefined;
}
