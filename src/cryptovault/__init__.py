"""CryptoVault: a self-hosted crypto exchange whose books always balance."""

__version__ = "0.1.0"
