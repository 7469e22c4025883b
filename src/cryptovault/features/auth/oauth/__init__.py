"""Signing in with Google, GitHub and Apple (OAuth 2 with PKCE, OpenID Connect)."""
