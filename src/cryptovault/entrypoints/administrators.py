"""Administrators from the host's command line, and the token of the first one."""

from pydantic import TypeAdapter, ValidationError
from pymongo.errors import PyMongoError
from rich.console import Console

from cryptovault.features.admin.service import create_admin, first_token
from cryptovault.features.auth import policy
from cryptovault.features.auth.schemas import Email
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.mongo import connect_mongo, database
from cryptovault.infra.passwords import Passwords
from cryptovault.kit.audit import AuditLog, Entry
from cryptovault.settings import Settings


class Create:
    """`cryptovault admin create`: make an administrator, or of an existing account one."""

    def __init__(self, email: str, password: str, name: str) -> None:
        self._email, self._password, self._name = email.strip().lower(), password, name

    async def __call__(self, settings: Settings, console: Console) -> int:
        """Do it, and say what was done; exit code 1 where nobody can sign in with that address or password."""
        try:
            email = TypeAdapter(Email).validate_python(self._email)
        except ValidationError:
            console.print(f"✗ {self._email} is no e-mail address.", markup=False)
            return 1
        if fault := policy.password_fault(self._password, email, self._name):
            console.print(f"✗ {fault}", markup=False)
            return 1
        passwords = Passwords(settings)
        async with connect_mongo(settings) as mongo:
            db = database(mongo, settings)
            hashed = await passwords.hash(self._password)
            user, made = await create_admin(db, email, hashed, self._name)
            entry = Entry("admin_created", user["_id"], facts={"how": "command line", "new_account": made})
            await AuditLog(settings, db, SystemClock()).append(entry)
        passwords.close()
        done = "was made an administrator" if made else "is an administrator now; its password stays as it was"
        console.print(f"✓ {email} {done}. Each sign-in asks for a code that is mailed.", markup=False)
        return 0


async def setup_token(settings: Settings) -> str:
    """The one-time token of POST /admin/setup: at the first start only, empty ever after."""
    async with connect_mongo(settings) as mongo:
        try:
            return await first_token(database(mongo, settings))
        except PyMongoError:
            return ""


async def security_log(settings: Settings, console: Console) -> int:
    """Check the chain of the security log, and print every place where it is broken; exit code 1 if there is one."""
    async with connect_mongo(settings) as mongo:
        report = await AuditLog(settings, database(mongo, settings), SystemClock()).verify()
    for problem in report.problems[:50]:
        console.print(f"✗ {problem}", markup=False)
    if report.problems:
        return 1
    console.print(f"✓ {report.records:,} records of the security log follow each other without a gap or a change.")
    console.print(f"  Head of the security log: {report.head}")
    return 0
