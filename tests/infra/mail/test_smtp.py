"""Delivery by SMTP, against a real server."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from cryptovault.infra.mail.render import Rendered
from cryptovault.infra.mail.smtp import SmtpTransport
from cryptovault.infra.outbox.errors import DeliveryError, ProviderAway, TryAgain, Undeliverable
from cryptovault.infra.outbox.store import Claim
from cryptovault.settings import Settings
from fixtures.ports import free_port
from fixtures.post_office import HANG_UP, PostOffice, post_office

MAIL = Rendered("Grüße & more", "Plain text, 428913.\n", "<p>HTML, <b>428913</b>.</p>")
MARKER = "marker-of-the-smtp-account"  # pragma: allowlist secret


def smtp(settings: Settings, office: PostOffice, **fields: object) -> Settings:
    """Settings that lead to this post office."""
    plain = {"email_service": "smtp", "smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_tls": "none"}
    return settings.model_copy(update=plain | {"email_from": "no-reply@exchange.org"} | fields)


class Certificate(NamedTuple):
    """The server's side and the client's side of one self-made certificate."""

    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture(name="certificate")
def _certificate(tmp_path: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "post.test")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    today = datetime.now(UTC)
    serial, tomorrow = x509.random_serial_number(), today + timedelta(days=1)
    built = x509.CertificateBuilder(name, name, key.public_key(), serial, today, tomorrow)
    certificate = built.add_extension(names, critical=False).sign(key, hashes.SHA256())
    file, pem = tmp_path / "post.pem", serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + certificate.public_bytes(pem))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    return Certificate(server, ssl.create_default_context(cafile=str(file)))


async def test_a_mail_arrives_as_text_and_html(settings: Settings, claim: Claim) -> None:
    """Both forms arrive whole, under a Message-ID made from the outbox id, which is the same at each attempt."""
    async with post_office() as office:
        transport = SmtpTransport(smtp(settings, office))
        answers = [await transport.send(MAIL, claim) for _ in range(2)]
    first, second = office.arrived
    assert first["Message-ID"] == second["Message-ID"] == "<outbox-17@exchange.org>"
    assert first["Date"] == second["Date"]
    assert (first["Subject"], first["To"], first["Auto-Submitted"]) == (
        "Grüße & more",
        "ada@example.com",
        "auto-generated",
    )
    assert [part.get_content_type() for part in first.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    plain, html = first.get_body(("plain",)), first.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content().strip() == MAIL.html
    assert "queued" in answers[0]


async def test_starttls_and_log_in(settings: Settings, certificate: Certificate, claim: Claim) -> None:
    """With STARTTLS the password crosses only after the server has shown a certificate that we trust."""
    async with post_office(tls=certificate.server, password=MARKER) as office:
        account = {"smtp_tls": "starttls", "smtp_username": "vault", "smtp_password": SecretStr(MARKER)}
        found = smtp(settings, office, **account)
        await SmtpTransport(found, certificate.client).send(MAIL, claim)
        with pytest.raises(ProviderAway):
            await SmtpTransport(found).send(MAIL, claim)
        wrong = found.model_copy(update={"smtp_password": SecretStr("not the password")})
        with pytest.raises(ProviderAway, match="535"):
            await SmtpTransport(wrong, certificate.client).send(MAIL, claim)
    assert len(office.arrived) == 1


async def test_no_starttls_no_mail(settings: Settings, claim: Claim) -> None:
    """A server that does not offer the encryption we want gets no mail: nobody can talk us out of it."""
    async with post_office() as office:
        with pytest.raises(ProviderAway):
            await SmtpTransport(smtp(settings, office, smtp_tls="starttls")).send(MAIL, claim)
    assert office.arrived == []


@pytest.mark.parametrize(
    ("answer", "meaning", "fault"),
    [
        ("550 5.1.1 No such user here", Undeliverable, "recipient"),
        ("552 5.2.2 Mailbox full", Undeliverable, "recipient"),
        ("554 5.7.1 Relay access denied", TryAgain, ""),
        ("450 4.2.0 Greylisted, see you later", TryAgain, ""),
        ("421 4.3.2 Service shutting down", ProviderAway, ""),
    ],
)
async def test_f22_refusals_of_a_recipient(
    settings: Settings, claim: Claim, answer: str, meaning: type[DeliveryError], fault: str
) -> None:
    """An address that does not exist is final; greylisting, policy and a shutdown are not."""
    async with post_office() as office:
        office.on_rcpt = lambda _to: answer
        with pytest.raises(meaning, match=answer[:3]) as refusal:
            await SmtpTransport(smtp(settings, office)).send(MAIL, claim)
    assert type(refusal.value) is meaning
    assert getattr(refusal.value, "fault", "") == fault


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("554 5.6.0 Content refused", Undeliverable),
        ("554 5.7.1 Sender domain not allowed", TryAgain),
        ("451 4.3.0 Try again later", TryAgain),
        ("452 4.3.1 Out of disk", TryAgain),
        (HANG_UP, ProviderAway),
    ],
)
async def test_f22_refusals_of_a_mail(
    settings: Settings, claim: Claim, answer: str, meaning: type[DeliveryError]
) -> None:
    """Only refused content is final. A line cut after the mail was taken leaves the outcome open: it is sent again."""
    async with post_office() as office:
        office.on_data = lambda _mail: answer
        with pytest.raises(meaning) as refusal:
            await SmtpTransport(smtp(settings, office)).send(MAIL, claim)
    assert type(refusal.value) is meaning


async def test_f22_nobody_listens(settings: Settings, claim: Claim) -> None:
    """A server that is down is the provider's trouble, not the mail's."""
    with pytest.raises(ProviderAway):
        await SmtpTransport(smtp(settings, PostOffice(port=free_port()))).send(MAIL, claim)


async def test_an_impossible_address_is_final(settings: Settings, claim: Claim) -> None:
    """What no header can hold is refused before anybody is called."""
    async with post_office() as office:
        with pytest.raises(Undeliverable):
            await SmtpTransport(smtp(settings, office)).send(MAIL, claim._replace(to="ada@@example..com"))
    assert office.arrived == []
