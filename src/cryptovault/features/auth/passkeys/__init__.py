"""The routes of passkeys: a second factor, and a way in without a password."""
