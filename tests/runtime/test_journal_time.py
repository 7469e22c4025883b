"""F25: whatever the wall clock does, journal time goes forward and never leaps."""

from cryptovault.runtime.journal_time import MAX_STEP_MS, JournalTime


class SetClock:
    """A clock set by hand."""

    def __init__(self) -> None:
        self.wall = 1_700_000_000_000
        self.seconds = 100.0

    def now_ms(self) -> int:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.pass_ms(int(seconds * 1000))

    def pass_ms(self, milliseconds: int) -> None:
        self.wall += milliseconds
        self.seconds += milliseconds / 1000


def test_f25_time_passes_with_the_clock() -> None:
    """Where the clocks agree, journal time is the wall clock's."""
    clock = SetClock()
    time = JournalTime(clock, 0)
    clock.pass_ms(90_000)
    assert time.read() == clock.wall


def test_f25_time_never_goes_back() -> None:
    """A wall clock set back a little holds the time still."""
    clock = SetClock()
    time = JournalTime(clock, 0)
    before = time.read()
    clock.wall -= 3_000
    assert time.read() == before


def test_f25_a_leap_forward_is_not_followed() -> None:
    """A year's leap of the wall clock moves journal time by what really passed."""
    clock = SetClock()
    time = JournalTime(clock, 0)
    start = time.read()
    clock.wall += 365 * 86_400_000
    clock.pass_ms(1_000)
    assert time.read() == start + 1_000
    assert time.leapt


def test_f25_a_leap_back_is_not_followed() -> None:
    """With the wall clock an hour back, journal time goes on at its pace."""
    clock = SetClock()
    time = JournalTime(clock, 0)
    start = time.read()
    clock.wall -= 3_600_000
    clock.pass_ms(2_000)
    assert time.read() == start + 2_000


def test_f25_many_small_steps_do_not_add_up() -> None:
    """Steps inside the tolerance, one after the other, cannot be used to walk time forward."""
    clock = SetClock()
    time = JournalTime(clock, 0)
    start = time.read()
    for _ in range(100):
        clock.wall += MAX_STEP_MS - 1
        clock.pass_ms(10)
        time.read()
    assert time.read() - start <= MAX_STEP_MS + 1_000


def test_f25_recovery_goes_on_from_the_last_stamp() -> None:
    """A process that starts with a clock behind the journal stamps nothing older than the journal has."""
    clock = SetClock()
    assert JournalTime(clock, clock.wall + 60_000).read() >= clock.wall + 60_000
