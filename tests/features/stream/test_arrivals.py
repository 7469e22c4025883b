import pytest

from cryptovault.features.stream.arrivals import is_packet


@pytest.mark.parametrize(
    "text", ["1", "3", "3probe", "40", "41", '40{"token":"x"}', '42["subscribe",{"rooms":[]}]', '4217["unsubscribe",7]']
)
def test_packets_of_ours_are_read(text: str) -> None:
    """Everything that the JavaScript and the Python client send gets through."""
    assert is_packet(text)


@pytest.mark.parametrize(
    "text",
    [
        None, "", "x", "99", "2", "4", "42", "42[]", "42{}", "40[]", '42["connect"]', '42["disconnect"]', "42[7]",
        '42/admin,["x"]', "40/admin,", '45-["x"]', '451-["x",{"_placeholder":true,"num":0}]', "43[]", "44{}",
        "42" + "[" * 60_000, '42["x"', "42" + "1" * 10 + '["x"]', '42["\\ud800"]\n\n[', "3" + "x" * 65,
    ],
)  # fmt: skip
def test_others_are_not(text: str | None) -> None:
    """What no client of ours would send, and what the library would stumble over, is not."""
    assert not is_packet(text)
