"""F25: the time that is stamped into the journal never goes back, and never leaps."""

import logging

from cryptovault.infra.clock import Clock

MAX_STEP_MS = 5_000
"""A wall clock that differs by more than this is not followed."""

_REANCHOR_MS = 60_000

logger = logging.getLogger(__name__)


class JournalTime:
    """Milliseconds since 1970, carried on by the monotonic clock and corrected by the wall clock in small steps.

    A leap of the wall clock, in either direction, is reported once and ignored until the process starts again:
    no lock or price age may be shortened by somebody setting the clock.
    """

    def __init__(self, clock: Clock, last_at: int) -> None:
        self._clock = clock
        self._last = last_at
        self._origin_ms = max(last_at, clock.now_ms())
        self._origin = clock.monotonic()
        self.leapt = False

    def read(self) -> int:
        """The time to stamp: never lower than the last one given."""
        elapsed = int((self._clock.monotonic() - self._origin) * 1000)
        carried = self._origin_ms + elapsed
        difference = self._clock.now_ms() - carried
        if abs(difference) <= MAX_STEP_MS:
            self.leapt = False
            carried += difference
            if elapsed > _REANCHOR_MS:
                self._origin_ms, self._origin = carried, self._clock.monotonic()
        elif not self.leapt:
            self.leapt = True
            logger.error("the wall clock leapt by %d ms and is not followed; set it right and restart", difference)
        self._last = max(self._last, carried)
        return self._last
