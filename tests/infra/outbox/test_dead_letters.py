"""Messages that were given up, and the operator who has them sent after all."""

import re
from datetime import timedelta

from rich.console import Console

from cryptovault.entrypoints.dead_letters import Resend, show
from cryptovault.infra.outbox.errors import Undeliverable
from infra.outbox.conftest import Post


async def test_dead_letters_are_listed_and_sent_again(post: Post) -> None:
    """The list names recipient and reason and not the content; sent again they arrive under the same id."""
    letter = await post.put("ada@example.com")
    post.provider.trouble = [Undeliverable("no such mailbox", "recipient")]
    await post.settle(1, seconds=1)
    console = Console(record=True, width=200)
    assert await show(post.settings, console) == 0
    told = console.export_text()
    assert re.search(rf"{letter} .*mail .*notice .*ada@example.com .*no such mailbox", told)
    assert "secret words" not in told
    assert await Resend([letter], everything=False)(post.settings, console) == 0
    await post.settle(2, minutes=2)
    assert post.provider.sent == [letter]
    assert (await post.document(letter))["status"] == "sent"
    assert await Resend([letter], everything=False)(post.settings, console) == 1


async def test_codes_are_not_sent_late(post: Post) -> None:
    """What was of use for minutes only stays a dead letter; of all the others each gets another try."""
    code = await post.put("ada@example.com", useful=timedelta(minutes=15))
    notice = await post.put("bob@example.com")
    post.provider.trouble = [Undeliverable("full", "recipient"), Undeliverable("full", "recipient")]
    await post.settle(2, seconds=1)
    assert await Resend([], everything=True)(post.settings, Console(quiet=True)) == 0
    await post.settle(3, minutes=2)
    assert post.provider.sent == [notice]
    assert (await post.document(code))["status"] == "dead"
