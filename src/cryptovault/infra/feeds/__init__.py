"""Prices of the outside world: sources, the rules that judge them, and the simulated one for when there is none."""
