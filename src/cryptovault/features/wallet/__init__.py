"""Wallet: balances and the test faucet."""
