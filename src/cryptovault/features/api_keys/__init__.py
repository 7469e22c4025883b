"""Keys with which programs sign their requests: made, listed and deleted by their owner."""
