"""Delivery by SendGrid's v3 API."""

import httpx

from cryptovault.infra.mail.mime import message_id
from cryptovault.infra.mail.render import Rendered
from cryptovault.infra.outbox.errors import ProviderAway, Undeliverable
from cryptovault.infra.outbox.store import Claim
from cryptovault.settings import Settings

_TIMEOUT = 20.0
_LIMITED_SECONDS = 60.0
_PATH = "/v3/mail/send"
_REFUSED = {httpx.codes.BAD_REQUEST, httpx.codes.REQUEST_ENTITY_TOO_LARGE}


class SendGridTransport:
    """One request a mail. Accepted is 202 with an empty body, or 200 in the sandbox."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(base_url=settings.sendgrid_url, timeout=_TIMEOUT)

    async def send(self, rendered: Rendered, message: Claim) -> str:
        """Send; SendGrid's id of the message."""
        key = self._settings.sendgrid_api_key.get_secret_value()
        headers = {"Authorization": f"Bearer {key}"}
        try:
            response = await self._client.post(_PATH, json=self._body(rendered, message), headers=headers)
        except httpx.HTTPError as error:
            raise ProviderAway(type(error).__name__) from None
        if response.status_code in {httpx.codes.ACCEPTED, httpx.codes.OK}:
            return str(response.headers.get("X-Message-Id", ""))
        raise _refusal(response)

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()

    def _body(self, rendered: Rendered, message: Claim) -> dict[str, object]:
        settings = self._settings
        body: dict[str, object] = {
            "personalizations": [{"to": [{"email": message.to}]}],
            "from": {"email": settings.email_from, "name": settings.email_from_name},
            "subject": rendered.subject,
            "content": [
                {"type": "text/plain", "value": rendered.text},
                {"type": "text/html", "value": rendered.html},
            ],
            "headers": {
                "Message-ID": message_id(message.id, settings),
                "Auto-Submitted": "auto-generated",
                "X-Entity-Ref-ID": message.id,
            },
            "custom_args": {"outbox_id": message.id},
            # A rewritten link or a tracking picture in a security mail looks like the fraud it warns of.
            "tracking_settings": {
                "click_tracking": {"enable": False, "enable_text": False},
                "open_tracking": {"enable": False},
            },
        }
        if settings.sendgrid_sandbox:
            body["mail_settings"] = {"sandbox_mode": {"enable": True}}
        return body


def _refusal(response: httpx.Response) -> Exception:
    """A bad request is about this mail; everything else (key, quota, outage) is about all of them."""
    reason = f"HTTP {response.status_code}: {_words(response)}"
    if response.status_code in _REFUSED:
        return Undeliverable(reason)
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        wait = response.headers.get("Retry-After", "")
        return ProviderAway(reason, float(wait) if wait.isdigit() else _LIMITED_SECONDS)
    return ProviderAway(reason)


def _words(response: httpx.Response) -> str:
    """The messages of SendGrid's error list, or the beginning of whatever a proxy said instead."""
    try:
        errors = response.json()["errors"]
        return "; ".join(f"{error['message']} ({error.get('field')})" for error in errors)[:200]
    except (ValueError, KeyError, TypeError):
        return response.text[:100]
