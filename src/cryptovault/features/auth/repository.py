"""Accounts in MongoDB.

    users     {_id, email unique, name, password_hash, email_verified, role, created_at, last_login}
    signups   {_id = user id to be, email, name, password_hash, code_mac, code_expires_at, tries, created_at,
               expires_at TTL}
    sessions  {_id, user_id, role (its rights), refresh_hash, previous_hash, rotated_at, created_at, revoked_at, reason,
               expires_at TTL (a day after it is over), user_agent, address, last_seen_at (kit/presence.py)}

A sign-up becomes a user only when its code is entered, so nobody can occupy an address that is not theirs,
and the password that counts is the one of the sign-up that the browser with the code has made.
"""

from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from cryptovault.features.auth import policy
from cryptovault.infra.mongo import Database, Document, Within
from cryptovault.kit.errors import Conflict, NotAuthenticated


async def ensure_indexes(db: Database) -> None:
    """Make the indexes; doing so again changes nothing."""
    await db["users"].create_indexes(
        [IndexModel("email", unique=True), IndexModel([("last_login", DESCENDING)])],
    )
    await db["signups"].create_indexes([IndexModel("email"), IndexModel("expires_at", expireAfterSeconds=0)])
    await db["sessions"].create_indexes(
        [
            IndexModel([("user_id", ASCENDING), ("created_at", ASCENDING)]),
            IndexModel("revoked_at", partialFilterExpression={"revoked_at": {"$type": "date"}}),
            IndexModel("expires_at", expireAfterSeconds=0),
        ]
    )


class Accounts:
    """Users, sign-ups and sessions."""

    def __init__(self, db: Database) -> None:
        self._users = db["users"]
        self._signups = db["signups"]
        self._sessions = db["sessions"]

    async def user(self, user_id: str) -> Document | None:
        """One user by id."""
        return await self._users.find_one({"_id": user_id})

    async def owner(self, user_id: str) -> Document:
        """The user who is asking; NotAuthenticated where the account is gone."""
        user = await self.user(user_id)
        if user is None:
            raise NotAuthenticated
        return user

    async def user_by_email(self, email: str) -> Document | None:
        """One user by normalised address."""
        return await self._users.find_one({"email": email})

    async def add_user(self, user: Document) -> None:
        """Add a user; Conflict where the address is taken."""
        try:
            await self._users.insert_one(user)
        except DuplicateKeyError as error:
            raise Conflict("This e-mail address has an account already.") from error

    async def update_user(self, user_id: str, fields: Document, within: Within | None = None) -> Document | None:
        """Set fields of a user and return the new document."""
        return await self._users.find_one_and_update(
            {"_id": user_id}, {"$set": fields}, return_document=ReturnDocument.AFTER, session=within
        )

    async def add_signup(self, signup: Document) -> None:
        """Add a sign-up that waits for its code; only the newest few of an address are kept."""
        await self._signups.insert_one(signup)
        waiting = await self.signups(signup["email"])
        await self._signups.delete_many({"_id": {"$in": [old["_id"] for old in waiting[policy.MAX_SIGNUPS :]]}})

    async def signups(self, email: str) -> list[Document]:
        """Sign-ups of an address, the newest first."""
        return await self._signups.find({"email": email}).sort("created_at", DESCENDING).to_list(policy.MAX_SIGNUPS + 1)

    async def try_code(self, signup_ids: list[str], now: datetime) -> list[Document]:
        """Count one try against the live codes of sign-ups, and return those that still had tries left."""
        live = []
        for signup_id in signup_ids:
            query = {
                "_id": signup_id,
                "code_expires_at": {"$gt": now},
                "tries": {"$lt": policy.CODE_TRIES},
            }
            counted = await self._signups.find_one_and_update(query, {"$inc": {"tries": 1}})
            if counted is not None:
                live.append(counted)
        return live

    async def renew_code(self, signup_id: str, fields: Document) -> None:
        """Give a sign-up a new code."""
        await self._signups.update_one({"_id": signup_id}, {"$set": fields})

    async def take_signup(self, signup_id: str) -> bool:
        """Use a sign-up up; False where somebody else was first."""
        return (await self._signups.delete_one({"_id": signup_id})).deleted_count == 1

    async def drop_signups(self, email: str) -> None:
        """Forget every sign-up of an address."""
        await self._signups.delete_many({"email": email})

    async def add_session(self, session: Document, within: Within) -> None:
        """Start a session; DuplicateKeyError where there is one of this id, or was."""
        await self._sessions.insert_one(session, session=within)

    async def session(self, session_id: str) -> Document | None:
        """One session."""
        return await self._sessions.find_one({"_id": session_id})

    async def sessions(self, query: Document) -> list[Document]:
        """Sessions by a query of our own."""
        return await self._sessions.find(query).to_list(10_000)

    async def surplus_sessions(self, user_id: str, now: datetime) -> list[str]:
        """The oldest live sessions of a user above the limit."""
        query = {"user_id": user_id, "revoked_at": None, "expires_at": {"$gt": now}}
        cursor = self._sessions.find(query, {"_id": 1}).sort("created_at", DESCENDING).skip(policy.MAX_SESSIONS)
        return [session["_id"] for session in await cursor.to_list(100)]

    async def live_sessions(self, user_id: str, now: datetime) -> list[Document]:
        """The sessions of a user that can still be used."""
        query = {"user_id": user_id, "revoked_at": None, "expires_at": {"$gt": now}}
        return await self._sessions.find(query).to_list(100)

    async def rotate(self, session_id: str, presented: str, fields: Document, now: datetime) -> Document | None:
        """Replace the refresh token if `presented` is the one in force; of several at once, one wins."""
        query: dict[str, Any] = {
            "_id": session_id,
            "refresh_hash": presented,
            "revoked_at": None,
            "expires_at": {"$gt": now},
        }
        change = {"$set": {**fields, "previous_hash": presented, "rotated_at": now}}
        return await self._sessions.find_one_and_update(query, change)

    async def end_session(self, session_id: str, reason: str, now: datetime) -> None:
        """Revoke a session; the first reason stays."""
        change = {"$set": {"revoked_at": now, "reason": reason}}
        await self._sessions.update_one({"_id": session_id, "revoked_at": None}, change)

    async def ended_since(self, moment: datetime) -> list[str]:
        """Sessions revoked at or after a moment."""
        cursor = self._sessions.find({"revoked_at": {"$gte": moment}}, {"_id": 1})
        return [session["_id"] for session in await cursor.to_list(100_000)]
