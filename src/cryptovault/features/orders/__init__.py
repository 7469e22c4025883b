"""Orders: placing, cancelling and reading them."""
