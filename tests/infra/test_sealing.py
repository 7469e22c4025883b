import pytest

from cryptovault.infra.sealing import SealBroken, Sealer
from cryptovault.settings import Settings

KEY = "test-only-" + "4d0c7a" * 8


def sealer(purpose: str = "totp", key: str = KEY) -> Sealer:
    """A sealer with a key of its own."""
    return Sealer(Settings(_env_file=None, encryption_key=key), purpose)


def test_what_is_sealed_opens_for_its_owner_alone() -> None:
    """A sealed secret opens again, and not for another owner, purpose or key."""
    sealed = sealer().seal("ada", b"hush")
    assert sealer().open("ada", sealed) == b"hush"
    for other, owner in ((sealer(), "bob"), (sealer("api_key"), "ada"), (sealer(key=KEY[::-1]), "ada")):
        with pytest.raises(SealBroken):
            other.open(owner, sealed)


def test_sealing_twice_shows_nothing() -> None:
    """The same secret looks different each time, and nothing of it is in the text."""
    one, two = (sealer().seal("ada", b"hush") for _ in range(2))
    assert one != two
    assert "hush" not in one


def test_every_changed_character_is_noticed() -> None:
    """No sealed text that was changed anywhere, cut or emptied opens."""
    sealed = sealer().seal("ada", b"hush")
    # Q and A differ in a bit that counts also in the last character, part of which is padding.
    changed = [sealed[:at] + ("A" if sealed[at] != "A" else "Q") + sealed[at + 1 :] for at in range(len(sealed) - 1)]
    for text in (*changed, sealed[:-8], "1.", ""):
        with pytest.raises(SealBroken):
            sealer().open("ada", text)


def test_no_key_no_sealing() -> None:
    """Without ENCRYPTION_KEY nothing is sealed, rather than with a key that everybody knows."""
    with pytest.raises(ValueError, match="ENCRYPTION_KEY"):
        sealer(key="")


def test_older_keys_open_and_do_not_seal() -> None:
    """After a change of the key the old one still opens what it sealed; everything new is sealed with the new one."""
    new = "test-only-" + "93be1f" * 8
    old, both = sealer(), Sealer(Settings(_env_file=None, encryption_key=new, encryption_keys_old=f"{KEY}, "), "totp")
    sealed = old.seal("ada", b"hush")
    assert both.open("ada", sealed) == b"hush"
    renewed = both.renew("ada", sealed)
    assert renewed is not None
    assert both.renew("ada", renewed) is None
    assert sealer(key=new).open("ada", renewed) == b"hush"
    with pytest.raises(SealBroken):
        old.open("ada", both.seal("ada", b"hush"))
    with pytest.raises(SealBroken):
        both.renew("bob", sealed)
