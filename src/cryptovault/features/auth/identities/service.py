"""Which account an identity opens; linking one to an account."""

from datetime import UTC, datetime
from typing import NamedTuple

from bson import ObjectId

from cryptovault.features.auth.identities.repository import MAX_IDENTITIES, IdentityStore
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.security import record
from cryptovault.features.auth.service import new_user
from cryptovault.infra.mail import Mail
from cryptovault.infra.mongo import Document
from cryptovault.kit.call import Call
from cryptovault.kit.errors import Conflict, NotAllowed

_NAME_MAX = 80
_NAMES = {"google": "Google", "github": "GitHub", "apple": "Apple", "wallet": "An Ethereum wallet"}


class ProviderEmailUnverified(NotAllowed):
    """The provider does not vouch for an e-mail address, so there is nobody to make an account for."""

    code = "PROVIDER_EMAIL_UNVERIFIED"
    message = "Your account there has no confirmed e-mail address."


class AccountExists(Conflict):
    """There is an account of this address, and the provider's word is not enough to open it."""

    code = "ACCOUNT_EXISTS"
    message = "This address has an account already. Sign in to it, then link the two in the settings."


class External(NamedTuple):
    """Somebody as a provider vouches for them.

    `email` is empty unless the provider says that it is confirmed; `authoritative` means that the provider also runs
    the mailbox or checks it each time, so that its word is as good as a code we mail.
    """

    provider: str
    subject: str
    email: str = ""
    authoritative: bool = False
    name: str = ""
    label: str = ""


class IdentityLinks:
    """Finds, makes and links accounts of external identities."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._store = IdentityStore(call.services.db)
        self._accounts = Accounts(call.services.db)

    async def user_of(self, external: External) -> Document | None:
        """The user whom this identity opens; None where it is linked to nobody."""
        identity = await self._store.find(external.provider, external.subject)
        if identity is None:
            return None
        await self._store.used(identity["_id"], self._now())
        return await self._accounts.user(identity["user_id"])

    async def user_or_new(self, external: External) -> Document:
        """The user whom this identity opens; by a confirmed address alone only where the provider's word counts."""
        user = await self.user_of(external)
        if user is not None:
            return user
        if not external.email:
            raise ProviderEmailUnverified
        user = await self._accounts.user_by_email(external.email)
        if user is None:
            user = await self._sign_up(external)
        elif not external.authoritative:
            raise AccountExists
        await self.link(user["_id"], external)
        return user

    async def link(self, user_id: str, external: External) -> Document:
        """Have the identity open this account; Conflict where it opens another one, or there are too many."""
        if len(await self._store.of(user_id)) >= MAX_IDENTITIES:
            raise Conflict(f"{MAX_IDENTITIES} identities are linked already.")
        identity = {
            "_id": f"{external.provider}:{external.subject}",
            "user_id": user_id,
            "provider": external.provider,
            "subject": external.subject,
            "email": external.email,
            "label": external.label or external.email or external.subject,
            "created_at": self._now(),
            "last_used_at": None,
        }
        stored = await self._store.add(identity)
        if stored["user_id"] != user_id:
            raise Conflict("This identity belongs to another account here.")
        if stored is identity:
            await record(self._call, user_id, "identity_linked", provider=external.provider, identity=identity["_id"])
            await self.announce(stored, "can sign in to your account from now on")
        return stored

    async def announce(self, identity: Document, what: str) -> None:
        """Tell the owner by mail that something about an identity has changed."""
        owner = await self._accounts.user(identity["user_id"])
        if owner is not None:
            name = f"{_NAMES[identity['provider']]} ({identity['label']})"
            text = f"{name} {what}. If that was not you, look at your security settings now."
            mail = Mail(owner["email"], "Your ways to sign in have changed", text, user_id=owner["_id"])
            await self._call.services.mailer.send(mail)

    async def _sign_up(self, external: External) -> Document:
        """A new account without a password; the provider has confirmed its address."""
        name = "".join(sign for sign in external.name if sign.isprintable() and sign not in "<>")[:_NAME_MAX]
        user = new_user(str(ObjectId()), external.email, name.strip(), "", self._now())
        try:
            await self._accounts.add_user(user)
        except Conflict as conflict:
            raise AccountExists from conflict
        await self._accounts.drop_signups(external.email)
        await record(self._call, user["_id"], "signed_up", provider=external.provider)
        return user

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._call.services.clock.now_ms() / 1000, UTC)
