"""The service about itself: health, readiness, metrics, configuration, CSRF, documentation, development mail."""

import html
import ipaddress
from typing import Annotated, Any

from bson import ObjectId
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from cryptovault import __version__
from cryptovault.features.system.schemas import Config, CsrfToken, Health, Outbox, PriceSource, Ready, SentMail
from cryptovault.features.system.service import HealthDesk
from cryptovault.infra.mail.console import MAILBOX
from cryptovault.infra.metrics import joined_metrics
from cryptovault.kit.access import CallDep, ServicesDep
from cryptovault.kit.call import Call
from cryptovault.kit.cookies import CSRF
from cryptovault.kit.csrf import ANONYMOUS
from cryptovault.kit.docs import documentation_page
from cryptovault.kit.errors import NotFound, Unavailable, declare
from cryptovault.kit.schemas import iso

router = APIRouter(tags=["system"])
root = APIRouter(include_in_schema=False)
"""The same and more, at the addresses where operators and browsers look for it."""

_MAX_MAILS = 100
_DEFAULT_QUOTES = ["USDT", "USD"]


def _desk(request: Request) -> HealthDesk:
    desk: HealthDesk = request.app.state.health_desk
    return desk


def _outside_production(call: CallDep) -> None:
    if call.services.settings.production:
        raise NotFound


HealthDeskDep = Annotated[HealthDesk, Depends(_desk)]


@router.get("/health", responses=declare(Unavailable))
@root.get("/health")
async def health(desk: HealthDeskDep, response: Response) -> Health:
    """Each dependency with its state; 503 where the database or the engine is away."""
    answer = await desk.health()
    response.status_code = 503 if answer.status == "down" else 200
    return answer


@router.get("/ready", responses=declare(Unavailable))
@root.get("/ready")
async def ready(desk: HealthDeskDep, response: Response) -> Ready:
    """Whether a load balancer should send requests here."""
    is_ready = await desk.ready()
    response.status_code = 200 if is_ready else 503
    return Ready(ready=is_ready)


@router.get("/csrf")
async def csrf_token(call: CallDep, response: Response) -> CsrfToken:
    """The CSRF token of the caller's session, in the answer and as a cookie that scripts can read."""
    session_id = call.identity.session_id if call.identity is not None else ANONYMOUS
    token = call.cookie(CSRF)
    if not call.services.csrf.valid(token.encode(), session_id):
        token = call.services.csrf.issue(session_id)
        response.raw_headers.append((b"set-cookie", call.services.cookies.csrf(token)))
    return CsrfToken(csrf_token=token)


@router.get("/config")
async def config(services: ServicesDep) -> Config:
    """What the web app needs to know before it shows anything."""
    await services.board.refresh()
    markets = await services.catalogue.markets()
    real = (market for market in markets.values() if not market.mirrors)
    quotes = sorted({market.quote for market in real}, key=lambda quote: (quote != "USDT", quote))
    play = not services.settings.production
    return Config(
        app_name="CryptoVault",
        environment=services.settings.environment.value,
        version=__version__,
        faucet_enabled=play,
        dev_mail_enabled=play,
        second_factor_required=services.settings.second_factor_required,
        price_source=PriceSource(**services.board.source),
        paper_start_balance=str(services.settings.paper_start_balance or "") or None,
        quote_assets=quotes or _DEFAULT_QUOTES,
        stream_path="/socket.io",
    )


@root.get("/metrics")
async def metrics(call: CallDep) -> Response:
    """Prometheus metrics of all workers; in production for callers inside the own network only."""
    if call.services.settings.production and not _from_inside(call):
        raise NotFound
    text = await joined_metrics(call.services.redis, call.services.metrics)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def _from_inside(call: Call) -> bool:
    """A private address that no proxy stands in front of."""
    try:
        return b"x-forwarded-for" not in call.headers and ipaddress.ip_address(call.address).is_private
    except ValueError:
        return False


@root.get("/openapi.json", dependencies=[Depends(_outside_production)])
async def openapi(request: Request) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    document: dict[str, Any] = request.app.openapi()
    return document


@root.get("/docs", dependencies=[Depends(_outside_production)])
async def docs(request: Request) -> HTMLResponse:
    """The API's documentation as one page without scripts."""
    return HTMLResponse(documentation_page(request.app.openapi()))


@root.get("/dev/mail.json", dependencies=[Depends(_outside_production)])
async def sent_mail(services: ServicesDep, to: Annotated[str, Query(max_length=254)] = "") -> Outbox:
    """Mails that would have been sent, newest first; outside production only."""
    query = {"to": to.lower()} if to else {}
    mails = await services.db[MAILBOX].find(query, sort=[("at", -1)], limit=_MAX_MAILS).to_list()
    return Outbox(
        items=[
            SentMail(
                id=str(mail["_id"]),
                to=mail["to"],
                subject=mail["subject"],
                text=mail["text"],
                code=mail["code"],
                at=iso(mail["at"]),
            )
            for mail in mails
        ]
    )


@root.get("/dev/mail/{mail_id}", dependencies=[Depends(_outside_production)])
async def mail_preview(services: ServicesDep, mail_id: Annotated[str, Path(pattern=r"^[0-9a-f]{24}$")]) -> HTMLResponse:
    """One mail as its reader sees it: no script runs in it, and nothing is loaded."""
    mail = await services.db[MAILBOX].find_one({"_id": ObjectId(mail_id)})
    if mail is None:
        raise NotFound
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups"
    return HTMLResponse(mail.get("html", ""), headers={"Content-Security-Policy": policy})


@root.get("/dev/mail", dependencies=[Depends(_outside_production)])
async def outbox_page(services: ServicesDep) -> HTMLResponse:
    """The same for people."""
    mails = (await sent_mail(services)).items
    rows = "".join(
        f"<article><h2>{html.escape(mail.subject)}</h2><p><b>{html.escape(mail.to)}</b> · {mail.at} · "
        f'<a href="/dev/mail/{mail.id}">as its reader sees it</a></p><pre>{html.escape(mail.text)}</pre></article>'
        for mail in mails
    )
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>Sent mail</title><style>body{font:16px/1.5 system-ui;max-width:44rem;margin:2rem auto;padding:0 1rem;"
        "color-scheme:light dark}article{border-top:1px solid #8884;padding:.5rem 0}h2{font-size:1rem}"
        "pre{white-space:pre-wrap;font:inherit}</style>"
        f"<h1>Sent mail</h1><p>Development only: nothing here left this machine.</p>{rows or '<p>No mail yet.</p>'}"
    )
    return HTMLResponse(page)
