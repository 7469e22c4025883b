"""Accounts: signing up, in and out, and whose session a request belongs to."""
