"""Notices and preferences on the wire."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from cryptovault.kit.pagination import Page
from cryptovault.kit.schemas import AnswerModel, RequestModel, Timestamp

CategoryName = Literal["security", "money", "trading", "news"]


class NoticeItem(AnswerModel):
    """Something that happened. `link` is a path of the web app, or empty."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "650000000000000000000001",
                "category": "security",
                "kind": "new_device",
                "title": "New sign-in from Firefox on Linux",
                "text": "Vienna, Austria",
                "link": "/settings/sessions",
                "read": False,
                "created_at": "2026-01-31T12:00:00.000Z",
            }
        }
    )
    id: str
    category: CategoryName
    kind: str
    title: str
    text: str
    link: str
    read: bool
    created_at: str


class NoticePage(Page[NoticeItem]):
    """One page of notices, and how many of all are unread."""

    unread: int


class Unread(AnswerModel):
    """How many notices are unread."""

    unread: int


class Choices(RequestModel):
    """One way of telling, category by category."""

    security: bool
    money: bool
    trading: bool
    news: bool


class PreferencesUpdate(RequestModel):
    """What to tell by which way. Everything is in the app; security mails cannot be switched off."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "mail": {"security": True, "money": True, "trading": False, "news": False},
                "telegram": {"security": True, "money": True, "trading": True, "news": False},
            }
        }
    )
    mail: Choices
    telegram: Choices


class ChosenWays(AnswerModel):
    """One way of telling, category by category."""

    security: bool
    money: bool
    trading: bool
    news: bool


class TelegramState(AnswerModel):
    """Whether this exchange has a bot, and the chat it writes to."""

    available: bool
    linked: bool
    chat_name: str
    linked_at: Timestamp | None


class Preferences(AnswerModel):
    """What is told by which way, and the linked chat."""

    mail: ChosenWays
    telegram: ChosenWays
    telegram_chat: TelegramState


class TelegramLink(AnswerModel):
    """Open `url` in Telegram and press Start; it works once."""

    url: Annotated[str, Field(examples=["https://t.me/cryptovault_bot?start=kq3vXb0d2hT7"])]
    expires_at: Timestamp
