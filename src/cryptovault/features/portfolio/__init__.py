"""Portfolio: what it all is worth, and how it came to that."""
