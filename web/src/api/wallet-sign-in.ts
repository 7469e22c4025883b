import { api } from './client';

export const wantedMessage = (account: { address: string; chainId: number }) =>
  api.post(
    '/auth/wallet/nonce',
    { address: account.address, chain_id: account.chainId },
    { noRefresh: true },
  );

export interface SignedMessage {
  message: string;
  signature: string;
}
