"""The back office. So far: how the first administrator comes to be."""
