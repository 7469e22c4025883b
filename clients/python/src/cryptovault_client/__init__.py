"""Programs' way to an exchange: its live stream, with books and an account that mend themselves."""

from cryptovault_client.account import Account
from cryptovault_client.book import BookReplica, Outcome, checksum
from cryptovault_client.signing import ApiKey
from cryptovault_client.stream import Event, Stream

__all__ = ["Account", "ApiKey", "BookReplica", "Event", "Outcome", "Stream", "checksum"]
