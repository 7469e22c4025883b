import httpx

from cryptovault.entrypoints.api import Api
from fixtures.api import PASSWORD, SignIn


async def _code(api: Api, email: str) -> str:
    mail = await api.services.db["mails"].find_one({"to": email}, sort=[("at", -1)])
    assert mail is not None
    return str(mail["code"])


async def test_sign_up_verify_and_read_profile(api: Api, client: httpx.AsyncClient) -> None:
    """A newcomer signs up, enters the code from the mail and is signed in."""
    answer = await client.post(
        "/api/v1/auth/signup", json={"email": "Ada@Example.com", "password": PASSWORD, "name": "Ada"}
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["email"] == "ada@example.com"
    code = await _code(api, "ada@example.com")
    answer = await client.post("/api/auth/verify-email", json={"email": "ada@example.com", "code": code})
    assert answer.status_code == 200, answer.text
    assert answer.json()["user"]["id"]
    me = await client.get("/api/v1/auth/me")
    assert me.status_code == 200
    assert me.json()["email_verified"] is True


async def test_sign_in_fixture(sign_in: SignIn) -> None:
    """A signed-in client may change its profile with its CSRF token."""
    ada = await sign_in("ada")
    answer = await ada.put("/api/v1/auth/profile", json={"name": "Countess"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == "Countess"
