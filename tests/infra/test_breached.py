import pytest

from cryptovault.infra.breached import PREFIX_BYTES, _prefixes, count, is_breached


def test_the_list_is_long_and_in_order() -> None:
    """More than 100,000 leaked passwords are in the package, sorted and each once, as the search needs them."""
    data = _prefixes()
    prefixes = [data[at : at + PREFIX_BYTES] for at in range(0, len(data), PREFIX_BYTES)]
    assert count() == len(prefixes) > 100_000
    assert prefixes == sorted(set(prefixes))


@pytest.mark.parametrize("password", ["nofacebooknofacebook", "NoFacebookNoFacebook", "charlesdarwin12"])
def test_leaked_passwords_are_found(password: str) -> None:
    """A password of the list is found, whatever its capitals."""
    assert is_breached(password)


@pytest.mark.parametrize("password", ["", "four plain words here", "other plain words here", "x" * 5000])
def test_others_are_not(password: str) -> None:
    """What never leaked is not found."""
    assert not is_breached(password)
