"""Deliveries that fail, and what becomes of their messages."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from cryptovault.infra.mongo import Document
from cryptovault.infra.outbox.errors import ProviderAway, TryAgain, Undeliverable
from cryptovault.infra.outbox.runner import backoff
from cryptovault.infra.outbox.store import ATTEMPTS_MAX, Claim


async def test_delivered_in_the_order_of_creation(post: Any) -> None:
    """The oldest goes first."""
    ids = [await post.put(f"{number}@example.com") for number in range(5)]
    while await post.runner.step():
        pass
    assert post.provider.sent == ids
    assert post.outcomes == ["sent"] * 5


def test_back_off_doubles_within_bounds() -> None:
    """Each pause is between half and all of a doubling time, and none is longer than the limit."""
    for attempts in range(1, 500):
        full = min(900.0, 2.0 * 2.0 ** min(attempts - 1, 30))
        assert backoff(attempts, first=2.0, most=900.0, chance=lambda: 0.0) == full / 2
        assert backoff(attempts, first=2.0, most=900.0, chance=lambda: 1.0) == full


async def test_f22_a_provider_that_is_down_is_left_in_peace(post: Any) -> None:
    """The channel pauses, so that a thousand waiting messages are no thousand calls; when it is back, all go out."""
    for number in range(20):
        await post.put(f"{number}@example.com")
    post.provider.trouble = [ProviderAway("down")] * 5
    await post.settle(50, milliseconds=10)
    assert post.provider.attempts == 1
    await post.settle(400, seconds=5)
    assert len(post.provider.sent) == len(set(post.provider.sent)) == 20


async def test_f22_a_limit_is_obeyed(post: Any) -> None:
    """429 with retry_after: nothing is sent before the time is over, then everything is."""
    await post.put("ada@example.com")
    post.provider.trouble = [ProviderAway("429", retry_after=40)]
    await post.runner.step()
    await post.put("bob@example.com")
    await post.settle(39, seconds=1)
    assert post.provider.attempts == 1
    await post.settle(4, seconds=1)
    assert len(post.provider.sent) == 2


async def test_f22_a_greylisted_mail_holds_up_nobody(post: Any) -> None:
    """A passing refusal of one mail delays that mail alone."""
    first, second = await post.put("ada@example.com"), await post.put("bob@example.com")
    post.provider.trouble = [TryAgain("450 greylisted")]
    await post.settle(2, seconds=0)
    assert post.provider.sent == [second]
    await post.settle(1, seconds=3)
    assert post.provider.sent == [second, first]


@pytest.mark.parametrize("fault", ["recipient", "message"])
async def test_f22_a_final_refusal_is_a_dead_letter(post: Any, fault: Any) -> None:
    """It is not tried again, and stays with its reason for a month, counted by whose fault it is."""
    message_id = await post.put()
    post.provider.trouble = [Undeliverable("550 No such user", fault)]
    await post.settle(10, minutes=1)
    stored = await post.document(message_id)
    assert (stored["status"], stored["error"], post.provider.attempts) == ("dead", "550 No such user", 1)
    assert stored["forget_at"] - stored["settled_at"] == timedelta(days=30)
    backlog = await post.outbox.backlog("mail")
    assert (backlog.waiting, backlog.dead) == (0, {fault: 1})


async def test_f22_an_optional_message_has_so_many_attempts(post: Any) -> None:
    """What is not about security is given up after a dozen attempts, visibly."""
    message_id = await post.put(security=False)
    post.provider.trouble = [TryAgain("451")] * 100
    await post.settle(200, minutes=16)
    assert post.provider.attempts == ATTEMPTS_MAX
    stored = await post.document(message_id)
    assert (stored["status"], stored["fault"]) == ("dead", "provider")
    assert "given up after 12 attempts: 451" in stored["error"]


async def test_f22_a_security_mail_is_tried_as_long_as_it_is_of_use(post: Any) -> None:
    """Three days of outage are many attempts; the provider comes back in time, and the mail is delivered."""
    message_id = await post.put()
    post.provider.trouble = [ProviderAway("down")] * 150
    await post.settle(250, minutes=16)
    assert post.provider.sent == [message_id]
    assert post.provider.attempts == 151


async def test_f22_a_code_nobody_can_use_any_more_is_not_sent(post: Any) -> None:
    """A mail that is of no use after fifteen minutes becomes a dead letter then, and is never silently dropped."""
    message_id = await post.put(useful=timedelta(minutes=15))
    post.provider.trouble = [ProviderAway("down")] * 100
    await post.settle(60, seconds=30)
    assert (await post.document(message_id))["status"] == "dead"
    assert post.outcomes[-1] == "dead"
    assert (await post.outbox.backlog("mail")).dead == {"provider": 1}


async def test_f22_what_nobody_foresaw_does_not_end_the_deliveries(post: Any) -> None:
    """An error of our own postpones one message; the next is delivered."""
    first, second = await post.put("ada@example.com"), await post.put("bob@example.com")
    post.provider.trouble = [ZeroDivisionError()]
    await post.settle(2, seconds=0)
    await post.settle(1, seconds=5)
    assert post.provider.sent == [second, first]


async def test_f22_a_slow_provider_is_given_up_on(post: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A delivery that does not end in time is tried again, well before anybody else could claim it."""
    monkeypatch.setattr("cryptovault.infra.outbox.runner.SEND_SECONDS", 0.05)
    message_id = await post.put()

    async def never(_message: Claim, _body: Document) -> str:
        await asyncio.sleep(60)
        return ""

    post.provider.deliver = never
    await post.runner.step()
    stored = await post.document(message_id)
    assert (stored["status"], stored["error"]) == ("pending", "no answer in time")


async def test_a_delivery_under_way_is_finished_before_the_end(post: Any) -> None:
    """A worker that is told to stop ends its present deliveries and marks them: a restart sends nothing twice."""
    message_id = await post.put()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_message: Claim, _body: Document) -> str:
        begun.set()
        await go_on.wait()
        return "done"

    post.provider.deliver = slow
    (runner,) = post.runners(1)
    job = asyncio.create_task(runner.run())
    await begun.wait()
    job.cancel()
    asyncio.get_running_loop().call_later(0.1, go_on.set)
    await asyncio.gather(job, return_exceptions=True)
    assert (await post.document(message_id))["status"] == "sent"


async def test_two_workers_deliver_once(post: Any) -> None:
    """Two runners with four lanes each over one outbox: each message goes out exactly once."""
    ids = [await post.put(f"{number}@example.com") for number in range(60)]
    jobs = [asyncio.create_task(runner.run()) for runner in post.runners(2)]
    async with asyncio.timeout(20):
        while await post.db["outbox"].count_documents({"status": "pending"}):
            await asyncio.sleep(0.05)
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    assert sorted(post.provider.sent) == sorted(ids)


async def test_one_recipient_gets_one_message_at_a_time(post: Any) -> None:
    """Messages to one recipient arrive in order though four lanes are at work."""
    ids = [await post.put("ada@example.com") for _ in range(12)]
    (runner,) = post.runners(1)
    job = asyncio.create_task(runner.run())
    async with asyncio.timeout(20):
        while len(post.provider.sent) < len(ids):
            await asyncio.sleep(0.01)
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)
    assert post.provider.sent == ids
