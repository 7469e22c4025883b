"""Who lives elsewhere: Google, GitHub, Apple and Telegram, served from a thread beside the browser tests."""

import asyncio
import threading

from fixtures.provider_server import BOT_TOKEN, TelegramServer, telegram_server
from fixtures.sign_in_providers import Providers, sign_in_providers


class Elsewhere:
    """The servers, and the settings by which an exchange finds them."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._ready, self._over = threading.Event(), asyncio.Event()
        self.providers: Providers
        self.telegram: TelegramServer
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        self._thread.start()
        assert self._ready.wait(20)

    async def _serve(self) -> None:
        async with sign_in_providers() as self.providers, telegram_server() as self.telegram:
            self._ready.set()
            await self._over.wait()

    @property
    def settings(self) -> dict[str, str]:
        """As environment variables."""
        names = {name.upper(): value for name, value in self.providers.settings().items()}
        return names | {"TELEGRAM_BOT_TOKEN": BOT_TOKEN, "TELEGRAM_URL": self.telegram.url}

    def close(self) -> None:
        """Stop them."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(20)
        self._loop.close()
