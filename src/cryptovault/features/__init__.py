"""What people do: one noun, one URL, one folder."""
