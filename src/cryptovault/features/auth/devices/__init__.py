"""Browsers that have signed in to an account before, and the sessions they hold."""
