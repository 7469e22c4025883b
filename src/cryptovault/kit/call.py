"""One request as the gate has understood it: who asks, from where, under which id, and what it wrote."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, Final

from cryptovault.engine.commands import Command
from cryptovault.engine.events import Verdict
from cryptovault.engine.questions import Question
from cryptovault.infra.engine_frames import Ack, EngineTimeout
from cryptovault.infra.engine_questions import Reply
from cryptovault.kit.api_keys import Key, Presented, Signed
from cryptovault.kit.cookies import ACCESS, CSRF, SEQ, parse_cookies
from cryptovault.kit.engine_errors import as_api_error
from cryptovault.kit.errors import NotAllowed, NotAuthenticated, Unavailable, accepted
from cryptovault.kit.network import counted_as
from cryptovault.kit.services import Services
from cryptovault.kit.tokens import Identity

SCOPE_KEY: Final = "cryptovault.call"
_MAX_SEQ_DIGITS = 18


class Call:
    """What is known of a request; made once, read by the gate, by dependencies and by raw routes."""

    __slots__ = (
        "_cookies",
        "address",
        "handed",
        "headers",
        "identity",
        "key",
        "method",
        "path",
        "problem",
        "request_id",
        "seq",
        "services",
        "started",
        "status",
        "via_cookie",
    )

    def __init__(self, services: Services, scope: dict[str, Any]) -> None:
        self.services = services
        self.started = perf_counter()
        self.request_id = ""
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.method: str = scope.get("method", "GET")
        self.path: str = scope["path"]
        client = scope.get("client")
        self.address = services.addresses.of(client[0] if client else "", self.headers.get(b"x-forwarded-for", b""))
        self._cookies: dict[bytes, bytes] | None = None
        self.status = 0
        self.seq = 0
        self.handed: Callable[[], None] | None = None
        """Called when a command is handed to the engine: whoever keeps requests in order waits for it."""
        self.via_cookie = False
        self.key: Key | None = None
        self.identity: Identity | None = None
        self.problem: NotAuthenticated | None = None
        self._identify()

    @property
    def cookies(self) -> dict[bytes, bytes]:
        """The request's cookies, by the names that they have in the browser."""
        if self._cookies is None:
            self._cookies = parse_cookies(self.headers.get(b"cookie", b""))
        return self._cookies

    def cookie(self, name: str) -> str:
        """One cookie as text, empty where it is missing."""
        return self._cookie(name).decode("latin-1")

    def _cookie(self, name: str) -> bytes:
        return self.cookies.get(self.services.cookies.sent_name(name).encode(), b"")

    def require(self, scope: str = "") -> Identity:
        """Who asks; NotAuthenticated, with the reason, where nobody does.

        An API key is let through only where the route names a scope, and the key has it.
        """
        if self.identity is None:
            raise self.problem or NotAuthenticated
        if self.key is not None and scope not in self.key.scopes:
            wanted = f"lacks the scope {scope}" if scope else "cannot be used here; sign in instead"
            raise NotAllowed(f"The API key {wanted}.")
        return self.identity

    async def sign_with_key(self, path: bytes, query: bytes, body: bytes, *, changes: bool | None = None) -> None:
        """Take the API key's owner for the caller, whatever cookies came along; see `ApiKeys.check`."""
        self.identity, self.via_cookie = None, False
        presented = Presented.of(self.headers)
        signed = Signed(presented.timestamp, presented.nonce, self.method.encode(), path, query, body)
        self.problem = None
        self.key, self.identity = await self.services.keys.check(presented, signed, self.address, changes=changes)

    @property
    def attended(self) -> bool:
        """Whether somebody is there, and not just an open page that renews itself: only that is use of a session."""
        return b"x-unattended" not in self.headers

    @property
    def caller(self) -> str:
        """Whom rate classes count: the user, or the address of somebody unknown."""
        return self.identity.id if self.identity is not None else self.stranger

    @property
    def stranger(self) -> str:
        """Whom rate classes of signing in count: the address, whoever else is signed in there."""
        return f"ip:{counted_as(self.address)}"

    def check_csrf(self, session_id: str) -> None:
        """Raise CsrfFailed unless the request proves that a page of ours sent it within this session."""
        header = self.headers.get(b"x-csrf-token", b"")
        self.services.csrf.check(header, self._cookie(CSRF), session_id)

    async def submit(self, command: Command) -> Verdict:
        """Have the engine carry out a command for the caller; a refusal is raised as `Refused`.

        Refusals are journaled too, so the answer carries their seq like any other.
        """
        if self.handed is not None:
            self.handed()
        try:
            ack = await self.services.engine.submit(command)
        except Exception as error:
            if (known := as_api_error(error)) is not None:
                raise known from error
            raise
        self.wrote(ack.seq)
        return accepted(ack.verdict)

    async def submit_several(self, commands: Sequence[Command]) -> list[Ack]:
        """Have the engine carry out commands in one go; each refusal is a verdict here and not raised."""
        if self.handed is not None:
            self.handed()
        try:
            acks = await self.services.engine.submit_several(commands)
        except Exception as error:
            if (known := as_api_error(error)) is not None:
                raise known from error
            raise
        self.wrote(acks[-1].seq)
        return acks

    async def ask(self, question: Question) -> Reply:
        """Have the engine answer a question; its failures are told as those of `submit`, but nothing can be lost."""
        try:
            return await self.services.engine.ask(question)
        except EngineTimeout as error:
            raise Unavailable from error
        except Exception as error:
            if (known := as_api_error(error)) is not None:
                raise known from error
            raise

    def wrote(self, seq: int) -> None:
        """Note that this request was answered from journal position `seq`: the answer says so, reads wait for it."""
        self.seq = max(self.seq, seq)
        if self.identity is not None:
            self.services.watermark.remember(self.identity.id, seq)

    async def after_own_writes(self) -> None:
        """Wait until the read models show everything this caller was told of; ReadsBehind after one second."""
        watermark = self.services.watermark
        target = max(
            watermark.given(self.identity.id if self.identity is not None else self.require().id),
            _seq(self.headers.get(b"x-seq", b"")),
            _seq(self._cookie(SEQ)),
        )
        if target > watermark.seq:
            self.services.metrics.read_waits.inc()
            await watermark.reach(target)

    def _identify(self) -> None:
        """Bearer wins over cookie: who takes the trouble to send a header means it."""
        token = self.headers.get(b"authorization")
        if token is not None:
            scheme, _, token = token.partition(b" ")
            if scheme.lower() != b"bearer":
                self.problem = NotAuthenticated("The Authorization header must be of the Bearer scheme.")
                return
        else:
            token = self._cookie(ACCESS)
            self.via_cookie = bool(token)
        if not token:
            return
        try:
            self.identity = self.services.tokens.verify(token)
        except NotAuthenticated as problem:
            self.problem = problem
        else:
            if self.attended:
                self.services.presence.note(self.identity.session_id)


def _seq(text: bytes) -> int:
    """A journal position a client claims; nonsense counts as none."""
    return int(text) if text.isdigit() and len(text) <= _MAX_SEQ_DIGITS else 0
