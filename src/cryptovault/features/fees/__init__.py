"""What trading costs an account."""
