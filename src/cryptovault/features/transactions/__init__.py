"""Transactions: the statement of an account."""
