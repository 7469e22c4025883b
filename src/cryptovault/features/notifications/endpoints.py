"""/notifications: what happened, what to tell by which way, and the Telegram chat."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path

from cryptovault.features.auth.fresh import fresh
from cryptovault.features.notifications import repository
from cryptovault.features.notifications.schemas import (
    ChosenWays,
    NoticeItem,
    NoticePage,
    Preferences,
    PreferencesUpdate,
    TelegramLink,
    TelegramState,
    Unread,
)
from cryptovault.features.notifications.service import TelegramLinks
from cryptovault.infra.clock import Clock
from cryptovault.infra.mongo import Document
from cryptovault.kit.access import ClockDep, CurrentUser, DbDep, SettingsDep
from cryptovault.kit.errors import (
    BadInput,
    Conflict,
    CsrfFailed,
    NotAuthenticated,
    NotFound,
    RateLimited,
    Unavailable,
    declare,
)
from cryptovault.kit.notices import DEFAULTS, chosen, notice_view
from cryptovault.kit.pagination import Cursor, Limit, decode_cursor, encode_cursor
from cryptovault.kit.step_up import Act, SettingsLocked, StepUpRequired
from cryptovault.kit.tokens import Identity
from cryptovault.settings import Settings

router = APIRouter(prefix="/notifications", tags=["notifications"])

_READING = (NotAuthenticated, RateLimited)
_WRITING = (NotAuthenticated, RateLimited, CsrfFailed)
_PROVEN = (*_WRITING, StepUpRequired, SettingsLocked)
FreshUser = Annotated[Identity, fresh(Act.LINK_TELEGRAM)]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_BOT = "This exchange has no Telegram bot."


@router.get("", response_model=NoticePage, responses=declare(*_READING))
async def list_notices(user: CurrentUser, db: DbDep, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """What happened, newest first, and how much of it is unread."""
    position = decode_cursor(cursor, int, str)
    after = (_EPOCH + timedelta(milliseconds=_bounded(position[0])), position[1]) if position else None
    found = await repository.page(db, user.id, limit=limit + 1, after=after)
    last = found[limit - 1] if len(found) > limit else None
    return {
        "items": [NoticeItem(**notice_view(document)) for document in found[:limit]],
        "next_cursor": encode_cursor(_ms(last["created_at"]), last["_id"]) if last else None,
        "unread": await repository.unread(db, user.id),
    }


@router.post("/read", responses=declare(*_WRITING))
async def mark_all_read(user: CurrentUser, db: DbDep, clock: ClockDep) -> Unread:
    """Mark everything as read."""
    await repository.mark_all_read(db, user.id, _now(clock))
    return Unread(unread=await repository.unread(db, user.id))


@router.post("/{notice_id}/read", responses=declare(*_WRITING, NotFound))
async def mark_read(
    notice_id: Annotated[str, Path(max_length=64)], user: CurrentUser, db: DbDep, clock: ClockDep
) -> Unread:
    """Mark one notice as read; doing so again changes nothing."""
    if not await repository.mark_read(db, user.id, notice_id, _now(clock)):
        raise NotFound
    return Unread(unread=await repository.unread(db, user.id))


@router.get("/preferences", responses=declare(*_READING))
async def preferences(user: CurrentUser, db: DbDep, settings: SettingsDep) -> Preferences:
    """What is told by which way."""
    return _preferences(await repository.choices(db, user.id), settings)


@router.put("/preferences", responses=declare(*_WRITING))
async def set_preferences(
    request: PreferencesUpdate, user: CurrentUser, db: DbDep, settings: SettingsDep
) -> Preferences:
    """Choose anew. Mails about security cannot be switched off: a thief would do that first."""
    if not request.mail.security:
        fault = "Mails about security cannot be switched off."
        raise BadInput(fault, details=[{"field": "mail.security", "message": fault, "type": "locked"}])
    await repository.choose(db, user.id, request.model_dump())
    return _preferences(await repository.choices(db, user.id), settings)


@router.post("/telegram/link", status_code=201, responses=declare(*_PROVEN, Conflict, Unavailable))
async def link_telegram(user: FreshUser, db: DbDep, settings: SettingsDep, clock: ClockDep) -> TelegramLink:
    """Make a link that binds the Telegram chat it is opened in. It works once, for ten minutes."""
    if not settings.telegram_bot_token.get_secret_value():
        raise Conflict(_NO_BOT)
    username = (await repository.bot(db)).get("username")
    if not username:
        raise Unavailable("The Telegram bot cannot be reached right now.")
    nonce, expires_at = await TelegramLinks(db, clock).start(user.id)
    return TelegramLink(url=f"https://t.me/{username}?start={nonce}", expires_at=expires_at)


@router.delete("/telegram", status_code=204, responses=declare(*_WRITING))
async def unlink_telegram(user: CurrentUser, db: DbDep) -> None:
    """Send nothing by Telegram any more."""
    await repository.unbind_user(db, user.id)


def _preferences(choices: Document, settings: Settings) -> Preferences:
    ways = {
        way: ChosenWays(**{category: chosen(choices, way, category) for category in defaults})
        for way, defaults in DEFAULTS.items()
    }
    chat = TelegramState(
        available=bool(settings.telegram_bot_token.get_secret_value()),
        linked=bool(choices.get("chat_id")),
        chat_name=choices.get("chat_name", ""),
        linked_at=choices.get("linked_at"),
    )
    return Preferences(mail=ways["mail"], telegram=ways["telegram"], telegram_chat=chat)


def _now(clock: Clock) -> datetime:
    return datetime.fromtimestamp(clock.now_ms() / 1000, UTC)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000 + 0.5)


def _bounded(milliseconds: int) -> int:
    """A cursor's time; one that no clock of ours can have shown is not ours."""
    if not 0 <= milliseconds < 1 << 45:
        raise BadInput("The cursor is not one of this list.")
    return milliseconds
