"""How it is configured: one typed Settings, read once by an entrypoint and passed on."""

from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(StrEnum):
    """Where the exchange runs; production has no default secret and no play money."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """Every setting of the product, from environment variables of the same name in upper case, or a `.env` file."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    environment: Environment = Environment.DEVELOPMENT
    debug: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    cryptovault_home: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = Field(default=8001, ge=1, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    engine_socket: str = ""  # empty: {cryptovault_home}/run/engine.sock; or tcp://host:port

    mongo_url: str = ""  # empty: the embedded mongod
    db_name: str = "cryptovault"
    mongo_max_pool_size: int = Field(default=50, ge=1, le=1000)
    mongo_timeout_ms: int = Field(default=5_000, ge=100, le=60_000)
    redis_url: str = ""  # empty: the embedded redis-server

    jwt_secret: SecretStr = SecretStr("")
    jwt_algorithm: Literal["HS256"] = "HS256"
    csrf_secret: SecretStr = SecretStr("")
    access_token_expire_minutes: int = Field(default=30, ge=1, le=1440)
    refresh_token_expire_days: int = Field(default=7, ge=1, le=90)

    app_url: str = ""  # empty: http://localhost:{port}
    public_api_url: str = ""
    cors_origins: str = ""  # comma-separated exact origins
    cookie_samesite: Literal["lax", "strict", "none"] = "lax"
    cookie_secure: bool = False
    rate_limit_per_minute: int = Field(default=60, ge=1, le=1_000_000)

    email_service: Literal["console"] = "console"
    email_from: str = "no-reply@localhost"
    email_from_name: str = "CryptoVault"

    use_mock_prices: bool = False
    coingecko_api_key: SecretStr = SecretStr("")
    coincap_api_key: SecretStr = SecretStr("")

    @property
    def run_dir(self) -> Path:
        """Sockets, locks and readiness marks of running processes."""
        return self.cryptovault_home / "run"

    @property
    def engine_address(self) -> str:
        """Where the engine's leader listens: `unix:///path` or `tcp://host:port`."""
        return self.engine_socket or f"unix://{(self.run_dir / 'engine.sock').resolve()}"

    @property
    def production(self) -> bool:
        """True where real money may be at stake."""
        return self.environment is Environment.PRODUCTION
