"""Proving once more who is asking, for one sensitive act."""
