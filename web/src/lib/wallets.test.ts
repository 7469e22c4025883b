// @vitest-environment jsdom
import { describe, expect, it, vi } from 'vitest';
import { connectWallet, discoverWallets, isRejection, safeIcon, signMessage, type Wallet } from './wallets';

const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

function testWallet(request: Wallet['provider']['request']): Wallet {
  return {
    info: { uuid: 'u-1', name: 'Test', icon: 'data:image/png,', rdns: 'org.test' },
    provider: { request },
  };
}

describe('wallets of the browser', () => {
  it('are found when they announce themselves, each once, and nonsense is not', () => {
    const wallet = testWallet(() => Promise.resolve());
    const announce = () => {
      window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: wallet }));
      window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info: 7 } }));
    };
    window.addEventListener('eip6963:requestProvider', announce);
    const found: string[] = [];
    const stop = discoverWallets(({ info }) => found.push(info.name));
    announce();
    stop();
    announce();
    window.removeEventListener('eip6963:requestProvider', announce);
    expect(found).toEqual(['Test']);
  });

  it('tell account and chain, and sign the message as bytes', async () => {
    const answers: Record<string, unknown> = {
      eth_requestAccounts: [ADDRESS],
      eth_chainId: '0x89',
      personal_sign: '0xsigned',
    };
    const request = vi.fn(({ method }: { method: string }) => Promise.resolve(answers[method]));
    const wallet = testWallet(request);
    expect(await connectWallet(wallet)).toEqual({ address: ADDRESS, chainId: 137 });
    expect(await signMessage(wallet, ADDRESS, 'hé')).toBe('0xsigned');
    expect(request).toHaveBeenLastCalledWith({ method: 'personal_sign', params: ['0x68c3a9', ADDRESS] });
  });

  it('may say no', () => {
    expect(isRejection({ code: 4001 })).toBe(true);
    expect(isRejection(new Error('broken'))).toBe(false);
  });

  it('bring icons as data only', () => {
    expect(safeIcon('data:image/svg+xml;base64,AAAA')).toBeDefined();
    expect(safeIcon('https://tracker.example/icon.png')).toBeUndefined();
    expect(safeIcon('data:text/html,<script>')).toBeUndefined();
  });
});
