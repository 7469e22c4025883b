"""Signing in with an Ethereum wallet (EIP-4361), for wallets that are linked to an account."""
