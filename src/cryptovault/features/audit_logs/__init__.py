"""The security log, read: each user their own part of it, administrators all."""
