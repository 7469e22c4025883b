"""A new ENCRYPTION_KEY, with everything that the old one had sealed."""

from pathlib import Path

import pytest
from rich.console import Console

from cryptovault.entrypoints.api import Api
from cryptovault.entrypoints.key_rotation import reseal
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.sealing import Sealer
from cryptovault.infra.secret_files import NotAFile, create_secrets, rotate_encryption_key
from cryptovault.kit.audit import AuditLog, Entry
from cryptovault.settings import Settings
from fixtures.api import SignIn
from fixtures.second_factors import begin_log_in, client_of, enable_totp, prove

NEW_KEY = "test-only-" + "b7c3d1" * 8


def changed(settings: Settings) -> Settings:
    """The settings after a change of the key."""
    old = settings.encryption_key
    return settings.model_copy(update={"encryption_key": type(old)(NEW_KEY), "encryption_keys_old": old})


def test_the_old_key_is_kept_before_the_new_one_counts(tmp_path: Path) -> None:
    """The file of old keys holds every key before, the newest first, readable by the owner only."""
    create_secrets(tmp_path)
    file, old = tmp_path / "secrets" / "encryption_key", tmp_path / "secrets" / "encryption_keys_old"
    keys = [file.read_text()]
    for _ in range(2):
        rotate_encryption_key(tmp_path, keys[0])
        keys.insert(0, file.read_text())
    assert old.read_text().split(",") == keys[1:]
    assert [path.stat().st_mode & 0o077 for path in (file, old)] == [0, 0]
    with pytest.raises(NotAFile):
        rotate_encryption_key(tmp_path, "a key from somewhere else")


async def test_everything_is_sealed_with_the_new_key(api: Api, sign_in: SignIn, settings: Settings) -> None:
    """Afterwards authenticator secrets open with the new key alone, codes work, and a second run finds nothing."""
    app, _, _ = await enable_totp(api, ada := await sign_in("ada"))
    new, console = changed(settings), Console(record=True, width=200)
    assert await reseal(new, console) == 0
    assert "1 secrets were sealed" in console.export_text()
    document = await api.services.db["second_factors"].find_one({})
    assert document is not None
    alone = new.model_copy(update={"encryption_keys_old": type(new.encryption_key)("")})
    assert Sealer(alone, "totp").open(ada.user_id, document["totp"]["sealed"])  # type: ignore[attr-defined]
    assert await reseal(new, console) == 0
    assert "0 secrets were sealed" in console.export_text()
    api.services.settings = new
    async with client_of(api) as client:
        challenge = (await begin_log_in(client, "ada"))["challenge"]
        assert (await prove(client, challenge, method="totp", code=app.code())).status_code == 200


async def test_what_nobody_can_read_is_told(api: Api, sign_in: SignIn, settings: Settings) -> None:
    """A secret whose key is lost is named, and the command says that it has failed."""
    await enable_totp(api, await sign_in("ada"))
    lost = settings.model_copy(update={"encryption_key": type(settings.encryption_key)(NEW_KEY)})
    console = Console(record=True, width=200)
    assert await reseal(lost, console) == 1
    assert "totp.sealed was sealed with a key that is not known" in console.export_text()


async def test_a4_the_security_log_outlives_its_key(api: Api, settings: Settings) -> None:
    """A4: records of the old key and of the new one are one chain; a record of the old key after a new one is not."""
    old, new = AuditLog(settings, api.services.db, SystemClock()), None
    await old.append(Entry("first"))
    new = AuditLog(changed(settings), api.services.db, SystemClock())
    await new.append(Entry("second"))
    assert (await new.verify()).problems == []
    assert (await old.verify()).problems == ["security record 2 was changed"]
    await AuditLog(settings, api.services.db, SystemClock()).append(Entry("forged with the old key"))
    assert (await new.verify()).problems == ["security record 3 was changed"]
