"""Paper trading: play money beside the real account."""
