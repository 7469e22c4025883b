"""Passkeys as WebAuthn knows them: the ceremonies, and what is kept of each."""
