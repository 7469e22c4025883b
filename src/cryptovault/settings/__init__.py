"""How it is configured: one typed Settings, read once by an entrypoint and passed on."""

import hashlib
import os
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from cryptovault.settings.policy import production_faults

# A unix socket's path holds at most 107 bytes on Linux and 103 on macOS, the socket's own name included.
_SOCKET_DIR_LIMIT = 80


PRICE_SOURCES = ("binance", "kraken", "coinbase", "coingecko", "coincap")


def _names(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated list, in lower case."""
    return tuple(part.strip().lower() for part in text.split(",") if part.strip())


class Environment(StrEnum):
    """Where the exchange runs; production has no default secret and no play money."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """Every setting of the product, from environment variables of the same name in upper case, or a `.env` file.

    Secrets may also be files named after the setting in {cryptovault_home}/secrets; see infra/secret_files.py.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True)

    environment: Environment = Environment.DEVELOPMENT
    debug: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    cryptovault_home: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = Field(default=8001, ge=1, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    engine_socket: str = ""  # empty: {run_dir}/engine.sock; or tcp://host:port

    mongo_url: str = ""  # empty: the embedded mongod
    db_name: str = "cryptovault"
    mongo_max_pool_size: int = Field(default=50, ge=1, le=1000)
    mongo_timeout_ms: int = Field(default=5_000, ge=100, le=60_000)
    redis_url: str = ""  # empty: the embedded redis-server

    jwt_secret: SecretStr = SecretStr("")
    jwt_algorithm: Literal["HS256"] = "HS256"
    csrf_secret: SecretStr = SecretStr("")
    encryption_key: SecretStr = SecretStr("")  # secrets in the database are sealed with keys derived from this one
    encryption_keys_old: SecretStr = SecretStr("")  # comma-separated, the newest first: read with, never sealed with
    redis_password: SecretStr = SecretStr("")  # of the embedded redis-server only
    access_token_expire_minutes: int = Field(default=30, ge=1, le=1440)
    refresh_token_expire_days: int = Field(default=7, ge=1, le=90)
    reset_token_minutes: int = Field(default=60, ge=5, le=60)  # of the link to set a new password
    session_idle_minutes: int = Field(default=0, ge=0, le=129_600)  # unused for so long; 0: REFRESH_TOKEN_EXPIRE_DAYS
    session_absolute_hours: int = Field(default=0, ge=0, le=8_760)  # since the sign-in, however it is used; 0: no end
    admin_session_idle_minutes: int = Field(default=15, ge=1, le=129_600)  # the same for administrators
    admin_session_absolute_hours: int = Field(default=8, ge=1, le=8_760)
    admin_passkey_required: bool = False  # administrators' rights only after a sign-in with a passkey
    second_factor_required: bool = False  # before the first order and the first API key
    login_lock_minutes: int = Field(default=15, ge=1, le=1_440)  # after five wrong passwords
    login_lock_doubles: bool = False  # each further lock is twice as long as the one before

    app_url: str = ""  # empty: http://localhost:{port}
    public_api_url: str = ""
    cors_origins: str = ""  # comma-separated exact origins
    use_cross_site_cookies: bool = False  # web app and API on different sites: SameSite=None, Secure, Partitioned
    cookie_samesite: Literal["lax", "strict", "none"] = "lax"
    cookie_secure: bool = False
    rate_limit_per_minute: int = Field(default=60, ge=1, le=1_000_000)
    rate_limit_login_per_minute: int = Field(default=5, ge=1, le=1_000_000)
    rate_limit_orders_per_minute: int = Field(default=6_000, ge=1, le=100_000_000)
    rate_limit_signed_per_minute: int = Field(default=1_200, ge=1, le=100_000_000)  # with an API key, orders aside
    trusted_proxies: str = ""  # comma-separated addresses or networks whose X-Forwarded-For is believed
    web_dist: str = ""  # directory of the built web app; empty: web/dist of the source tree

    email_service: Literal["console", "smtp", "sendgrid"] = "console"
    email_from: str = "no-reply@localhost"
    email_from_name: str = "CryptoVault"
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    sendgrid_api_key: SecretStr = SecretStr("")
    sendgrid_url: str = "https://api.sendgrid.com"  # accounts in the EU: https://api.eu.sendgrid.com
    sendgrid_sandbox: bool = False  # SendGrid checks each mail and sends none
    telegram_bot_token: SecretStr = SecretStr("")
    telegram_url: str = "https://api.telegram.org"
    admin_telegram_chat_id: str = ""

    google_client_id: str = ""
    google_client_secret: SecretStr = SecretStr("")
    google_url: str = "https://accounts.google.com"
    github_client_id: str = ""
    github_client_secret: SecretStr = SecretStr("")
    github_url: str = "https://github.com"
    github_api_url: str = "https://api.github.com"
    apple_client_id: str = ""
    apple_team_id: str = ""
    apple_key_id: str = ""
    apple_private_key: SecretStr = SecretStr("")  # the PEM of Apple's .p8 file
    apple_url: str = "https://appleid.apple.com"
    passkey_rp_id: str = ""  # empty: the host of APP_URL; or a domain above it that all our pages share
    totp_drift_steps: int = Field(default=0, ge=0, le=1)  # 30 s steps that a code may be early or late
    siwe_chain_ids: str = "1,137,56"  # comma-separated chains a wallet may name when it signs in

    use_mock_prices: bool = False
    price_sources: str = "binance,kraken,coinbase,coingecko,coincap"  # comma-separated; coincap only with its key
    coingecko_api_key: SecretStr = SecretStr("")
    coincap_api_key: SecretStr = SecretStr("")
    coincap_rate_limit: int = Field(default=1, ge=1, le=600)  # calls a minute while its prices are needed
    binance_url: str = "https://data-api.binance.vision/api/v3"
    kraken_url: str = "https://api.kraken.com"
    coinbase_url: str = "https://api.coinbase.com"
    coingecko_url: str = "https://api.coingecko.com/api/v3"  # a paid key needs https://pro-api.coingecko.com/api/v3
    coincap_url: str = "https://rest.coincap.io/v3"
    book_interval_ms: int = Field(default=50, ge=10, le=1_000)  # a changed book is told at most this often
    maker_enabled: bool = True  # the house's market maker
    paper_start_balance: int = Field(default=100_000, ge=0, le=1_000_000_000)  # of play money in USDT; 0: no paper
    maker_config: str = ""  # a TOML file with its terms and limits; empty: the catalogue's

    @model_validator(mode="before")
    @classmethod
    def _defaults_follow_the_deployment(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Production is strict unless somebody says otherwise; without Secure cookies it then refuses to start."""
        if str(values.get("use_cross_site_cookies", "")).lower() in {"1", "true", "yes", "on"}:
            values = {"cookie_samesite": "none", "cookie_secure": True} | values
        if values.get("environment") == Environment.PRODUCTION:
            strict = {"cookie_secure": True, "second_factor_required": True, "admin_passkey_required": True}
            values = strict | values
        return values

    @field_validator("cryptovault_home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        """Resolve once: a process that changes its directory must not change its state."""
        return home.expanduser().resolve()

    @field_validator("price_sources")
    @classmethod
    def _known_sources(cls, text: str) -> str:
        """At least one, each of those we know."""
        names = _names(text)
        if not names or (unknown := sorted(set(names) - set(PRICE_SOURCES))):
            raise ValueError(f"must name some of {', '.join(PRICE_SOURCES)}" + (f"; not {unknown[0]}" if names else ""))
        return text

    @model_validator(mode="after")
    def _mail_can_be_sent(self) -> Self:
        if self.email_service == "smtp" and not self.smtp_host:
            raise ValueError("EMAIL_SERVICE=smtp needs SMTP_HOST.")
        if self.email_service == "sendgrid" and not self.sendgrid_api_key.get_secret_value():
            raise ValueError("EMAIL_SERVICE=sendgrid needs SENDGRID_API_KEY.")
        if self.production and self.smtp_tls == "none" and self.smtp_username:
            raise ValueError("SMTP_TLS=none would send SMTP_PASSWORD in the clear.")
        return self

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        if self.production and (faults := self._production_faults()):
            raise ValueError("\n".join(faults))
        return self

    def _production_faults(self) -> list[str]:
        secrets = {
            "JWT_SECRET": self.jwt_secret,
            "CSRF_SECRET": self.csrf_secret,
            "ENCRYPTION_KEY": self.encryption_key,
        }
        if not self.redis_url:
            secrets["REDIS_PASSWORD"] = self.redis_password
        return production_faults(
            secrets={name: secret.get_secret_value() for name, secret in secrets.items()},
            debug=self.debug,
            mock_prices=self.use_mock_prices,
            cookie_secure=self.cookie_secure,
            sends_mail=self.email_service != "console",
            origins={
                "APP_URL": [self.app_url] if self.app_url else [],
                "PUBLIC_API_URL": [self.public_api_url] if self.public_api_url else [],
                "CORS_ORIGINS": self.allowed_origins,
            },
        )

    @property
    def chosen_price_sources(self) -> tuple[str, ...]:
        """The price sources to ask."""
        return _names(self.price_sources)

    @property
    def encryption_keys(self) -> list[bytes]:
        """The key in force, then those before it, the newest first."""
        old = self.encryption_keys_old.get_secret_value().split(",")
        return [key.strip().encode() for key in (self.encryption_key.get_secret_value(), *old) if key.strip()]

    @property
    def allowed_origins(self) -> list[str]:
        """The exact origins that may call the API from a browser on another site."""
        return [origin.strip() for origin in self.cors_origins.split(",") if origin.strip()]

    @property
    def run_dir(self) -> Path:
        """Sockets, locks and readiness marks of running processes.

        Inside the home, unless its path is too long for a unix socket: then a private directory under the system's
        temporary one, named after the home.
        """
        inside = self.cryptovault_home / "run"
        if len(os.fsencode(inside)) <= _SOCKET_DIR_LIMIT:
            return inside
        mark = hashlib.sha256(os.fsencode(inside)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"cryptovault-{os.getuid()}-{mark}"

    @property
    def log_dir(self) -> Path:
        """One log file for each process, bounded by the supervisor."""
        return self.cryptovault_home / "logs"

    @property
    def engine_address(self) -> str:
        """Where the engine's leader listens: `unix:///path` or `tcp://host:port`."""
        return self.engine_socket or f"unix://{self.run_dir / 'engine.sock'}"

    @property
    def public_url(self) -> str:
        """The address a person types into the browser."""
        return (self.app_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def production(self) -> bool:
        """True where real money may be at stake."""
        return self.environment is Environment.PRODUCTION
