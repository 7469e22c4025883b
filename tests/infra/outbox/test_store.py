"""Claims, leases and what is kept."""

from datetime import timedelta
from typing import Any

from bson import encode
from pydantic import SecretStr

from cryptovault.infra.outbox.store import LEASE, Outbox
from cryptovault.settings import Settings


async def test_the_oldest_is_claimed_first_and_once(post: Any) -> None:
    """Messages are claimed in the order of their creation; a claimed one is nobody else's until its lease ends."""
    ids = [await post.put(f"{number}@example.com") for number in range(3)]
    assert [(await post.outbox.claim("mail")).id for _ in range(3)] == ids
    assert await post.outbox.claim("mail") is None
    post.clock.move(seconds=LEASE.total_seconds() + 1)
    assert (await post.outbox.claim("mail")).id == ids[0]


async def test_busy_recipients_and_other_channels_are_passed_over(post: Any) -> None:
    """Who is being written to is left out, and a channel sees its own messages alone."""
    await post.put("ada@example.com")
    bob = await post.put("bob@example.com")
    assert await post.outbox.claim("telegram") is None
    assert (await post.outbox.claim("mail", {"ada@example.com"})).id == bob


async def test_an_overtaken_worker_settles_nothing(post: Any) -> None:
    """After the lease another has claimed the message: the first can neither mark, bury nor postpone it."""
    message_id = await post.put()
    first = await post.outbox.claim("mail")
    post.clock.move(minutes=2)
    second = await post.outbox.claim("mail")
    assert second.fence == first.fence + 1
    assert not await post.outbox.sent(first, "late")
    assert not await post.outbox.bury(first, "late", "message")
    await post.outbox.postpone(first, timedelta(0), "late")
    assert (await post.document(message_id))["status"] == "pending"
    assert await post.outbox.sent(second, "mine")
    assert (await post.document(message_id))["provider_id"] == "mine"


async def test_one_of_many_with_the_same_key(post: Any) -> None:
    """What is handed over again, because its caller was not sure, is one message."""
    ids = {await post.put(once="reset/17") for _ in range(3)}
    assert len(ids) == 1
    assert await post.db["outbox"].count_documents({}) == 1


async def test_a_decoy_is_written_alike_and_never_sent(post: Any) -> None:
    """A decoy costs the same insert of the same size, is never claimed, and goes by itself."""
    real, decoy = await post.put(), await post.put(decoy=True)
    sizes = [len(encode(await post.document(message_id))) for message_id in (real, decoy)]
    assert abs(sizes[0] - sizes[1]) < 40
    assert (await post.outbox.claim("mail")).id == real
    assert await post.outbox.claim("mail") is None
    assert "forget_at" in await post.document(decoy)


async def test_content_is_sealed_and_then_gone(post: Any) -> None:
    """The database never shows what a message says, and a delivered one no longer says it."""
    message_id = await post.put()
    assert "secret words" not in str(await post.document(message_id))
    claim = await post.outbox.claim("mail")
    assert claim.body == {"text": "secret words"}
    await post.outbox.sent(claim, "x")
    stored = await post.document(message_id)
    assert "body" not in stored
    assert stored["forget_at"] - stored["settled_at"] == timedelta(days=7)


async def test_another_key_opens_nothing(post: Any, settings: Settings) -> None:
    """A message sealed with another ENCRYPTION_KEY is claimed without a body, to be buried with a reason."""
    await post.put()
    other = settings.model_copy(update={"encryption_key": SecretStr("another key, long enough for a test " * 2)})
    claim = await Outbox(other, post.db, post.clock).claim("mail")
    assert claim is not None
    assert claim.body is None
