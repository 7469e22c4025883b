"""Identities elsewhere that open an account here: Google, GitHub, Apple, an Ethereum wallet."""
