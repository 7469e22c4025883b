"""Delivery by SendGrid, against a local server with its documented answers."""

from typing import Any

import pytest
from pydantic import SecretStr

from cryptovault.infra.mail.render import Rendered
from cryptovault.infra.mail.sendgrid import SendGridTransport
from cryptovault.infra.outbox.errors import DeliveryError, ProviderAway, Undeliverable
from cryptovault.infra.outbox.store import Claim
from cryptovault.settings import Settings
from fixtures.ports import free_port
from fixtures.provider_server import SENDGRID_KEY, SendGridServer, sendgrid_errors, sendgrid_server

MAIL = Rendered("Subject", "Plain text.\n", "<p>HTML.</p>")


def sendgrid(settings: Settings, url: str, **fields: Any) -> SendGridTransport:
    """A transport to this server."""
    known = {"sendgrid_url": url, "sendgrid_api_key": SecretStr(SENDGRID_KEY), "email_from": "no-reply@exchange.org"}
    return SendGridTransport(settings.model_copy(update=known | fields))


async def send(transport: SendGridTransport, message: Claim) -> str:
    """Send one mail and hang up."""
    try:
        return await transport.send(MAIL, message)
    finally:
        await transport.close()


async def test_a_mail_is_accepted_with_an_empty_answer(settings: Settings, claim: Claim) -> None:
    """202 without a body is success; the id comes in a header, text goes before HTML, links are left as they are."""
    async with sendgrid_server() as server:
        assert await send(sendgrid(settings, server.url), claim) == "sg-1"
    (body,) = server.accepted
    assert body["personalizations"] == [{"to": [{"email": claim.to}]}]
    assert body["headers"]["Message-ID"] == f"<{claim.id}@exchange.org>"
    assert body["custom_args"] == {"outbox_id": claim.id}
    assert [part["value"] for part in body["content"]] == [MAIL.text, MAIL.html]
    assert body["tracking_settings"]["click_tracking"] == {"enable": False, "enable_text": False}


async def test_the_sandbox_answers_200(settings: Settings, claim: Claim) -> None:
    """In the sandbox SendGrid answers 200 and sends nothing; for us that is success."""
    async with sendgrid_server() as server:
        assert not await send(sendgrid(settings, server.url, sendgrid_sandbox=True), claim)
    assert server.accepted == []


async def test_f22_a_bad_address_is_final(settings: Settings, claim: Claim) -> None:
    """400 is about this mail, and SendGrid's own words are kept."""
    async with sendgrid_server() as server:
        with pytest.raises(Undeliverable, match=r"Does not contain a valid address.*personalizations\.0\.to\.0\.email"):
            await send(sendgrid(settings, server.url), claim._replace(to="nobody"))


ERRORS: list[tuple[int, Any, dict[str, str], type[DeliveryError], float]] = [
    (401, sendgrid_errors(("authorization required", None)), {}, ProviderAway, 0),
    (403, sendgrid_errors(("The from address does not match a verified Sender", "from")), {}, ProviderAway, 0),
    (413, sendgrid_errors(("request body too large", None)), {}, Undeliverable, 0),
    (429, sendgrid_errors(("too many requests", None)), {"Retry-After": "17"}, ProviderAway, 17),
    (429, sendgrid_errors(("too many requests", None)), {}, ProviderAway, 60),
    (500, sendgrid_errors(("internal", None)), {}, ProviderAway, 0),
    (503, None, {}, ProviderAway, 0),
    (404, {"errors": "of another shape"}, {}, ProviderAway, 0),
    (502, ["a proxy"], {}, ProviderAway, 0),
]


@pytest.mark.parametrize(("status", "body", "headers", "meaning", "wait"), ERRORS)
async def test_f22_every_other_refusal_is_about_us(  # noqa: PLR0917 - one row of the table
    settings: Settings,
    claim: Claim,
    status: int,
    body: Any,
    headers: dict[str, str],
    meaning: type[DeliveryError],
    wait: float,
) -> None:
    """A revoked key, a limit or an outage says nothing against a mail; a limit says how long to wait."""
    async with sendgrid_server() as server:
        server.answers.append((status, body, headers))
        with pytest.raises(meaning) as refusal:
            await send(sendgrid(settings, server.url), claim)
    assert type(refusal.value) is meaning
    assert getattr(refusal.value, "retry_after", 0) == wait
    assert SENDGRID_KEY not in str(refusal.value)


async def test_f22_nobody_listens(settings: Settings, claim: Claim) -> None:
    """A provider that cannot be reached is away."""
    with pytest.raises(ProviderAway):
        await send(sendgrid(settings, SendGridServer(f"http://127.0.0.1:{free_port()}").url), claim)
