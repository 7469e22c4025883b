"""What the owner of an account changes about it: password, address, locks, phrase; and deleting it."""
