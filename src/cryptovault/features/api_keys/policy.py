"""Limits of API keys."""

MAX_KEYS = 20
"""Of one user."""

MAX_NETWORKS = 20
"""On one key's list of addresses."""

ID_BYTES = 12
SECRET_BYTES = 32
