"""Where a price has been lately: the lowest and the highest of each part of a window, and nothing older."""

PARTS = 12
"""Parts of a window. A price counts until the part it was seen in leaves the window, after 11/12 of it or more."""


class Moves:
    """`parts` holds [number of the part, lowest, highest], oldest first."""

    __slots__ = ("parts",)

    def __init__(self) -> None:
        self.parts: list[list[int]] = []

    def note(self, at: int, price: int, window: int) -> tuple[int, int]:
        """Add a price at a time (ms) to a window of so many ms; the lowest and the highest price in it."""
        now = at * PARTS // window
        self.parts = [part for part in self.parts if part[0] > now - PARTS]
        if self.parts and self.parts[-1][0] == now:
            last = self.parts[-1]
            last[1], last[2] = min(last[1], price), max(last[2], price)
        else:
            self.parts.append([now, price, price])
        return min(part[1] for part in self.parts), max(part[2] for part in self.parts)

    def forget(self) -> None:
        """Begin anew."""
        self.parts.clear()
