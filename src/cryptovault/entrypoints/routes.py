"""The table of contents of the API: noun by noun, each one folder of features/."""

from fastapi import APIRouter

from cryptovault.features.admin.endpoints import router as admin
from cryptovault.features.api_keys.endpoints import router as api_keys
from cryptovault.features.audit_logs.endpoints import router as audit_logs
from cryptovault.features.auth.account.endpoints import router as account
from cryptovault.features.auth.devices.endpoints import router as devices
from cryptovault.features.auth.endpoints import router as auth
from cryptovault.features.auth.identities.endpoints import router as identities
from cryptovault.features.auth.lost_factor.endpoints import router as lost_factor
from cryptovault.features.auth.oauth.endpoints import router as oauth
from cryptovault.features.auth.passkeys.endpoints import router as passkeys
from cryptovault.features.auth.recovery.endpoints import router as recovery
from cryptovault.features.auth.step_up.endpoints import router as step_up
from cryptovault.features.auth.two_factor.endpoints import router as two_factor
from cryptovault.features.auth.wallet.endpoints import router as wallet_sign_in
from cryptovault.features.crypto.endpoints import router as crypto
from cryptovault.features.fees.endpoints import router as fees
from cryptovault.features.markets.endpoints import router as markets
from cryptovault.features.notifications.endpoints import router as notifications
from cryptovault.features.orders.endpoints import router as orders
from cryptovault.features.paper.endpoints import router as paper
from cryptovault.features.portfolio.endpoints import router as portfolio
from cryptovault.features.system.endpoints import root
from cryptovault.features.system.endpoints import router as system
from cryptovault.features.transactions.endpoints import router as transactions
from cryptovault.features.wallet.endpoints import router as wallet

FEATURES: tuple[APIRouter, ...] = (
    auth,  # /auth
    recovery,  # /auth/forgot-password ... /auth/freeze
    account,  # /auth/security, change-password, change-email ...
    devices,  # /auth/sessions
    step_up,  # /auth/step-up
    two_factor,  # /auth/2fa
    passkeys,  # /auth/passkeys
    oauth,  # /auth/oauth
    wallet_sign_in,  # /auth/wallet
    identities,  # /auth/identities
    api_keys,  # /api-keys
    audit_logs,  # /audit-logs
    admin,  # /admin
    lost_factor,  # /auth/keep-second-factor
    orders,  # /orders
    fees,  # /fees
    wallet,  # /wallet
    paper,  # /paper
    portfolio,  # /portfolio
    transactions,  # /transactions
    notifications,  # /notifications
    markets,  # /markets
    crypto,  # /crypto
    system,  # /health /ready /csrf /config
)
"""Included under /api/v1; the gate makes /api an alias of it."""

PUBLIC: frozenset[str] = frozenset(
    {
        "POST /api/v1/auth/signup",
        "POST /api/v1/auth/verify-email",
        "POST /api/v1/auth/resend-verification",
        "POST /api/v1/auth/login",
        "POST /api/v1/auth/login/second-factor",
        "POST /api/v1/auth/forgot-password",
        "GET /api/v1/auth/validate-reset-token/{token}",
        "POST /api/v1/auth/reset-password",
        "POST /api/v1/auth/freeze",
        "POST /api/v1/auth/keep-second-factor",
        "POST /api/v1/auth/confirm-email-change",
        "POST /api/v1/auth/password-strength",
        "POST /api/v1/admin/setup",  # by the token printed at the first start
        "GET /api/v1/admin/setup",  # whether there is one
        "POST /api/v1/auth/passkeys/login/begin",
        "POST /api/v1/auth/passkeys/login/finish",
        "GET /api/v1/auth/oauth",
        "GET /api/v1/auth/oauth/{provider}/start",
        "GET /api/v1/auth/oauth/{provider}/callback",
        "POST /api/v1/auth/oauth/{provider}/callback",  # a form of the provider's page
        "POST /api/v1/auth/oauth/finish",
        "POST /api/v1/auth/wallet/nonce",
        "POST /api/v1/auth/wallet/verify",
        "POST /api/v1/auth/refresh",  # by its own cookie, with CSRF
        "GET /api/v1/markets",
        "GET /api/v1/markets/{pair}",
        "GET /api/v1/markets/{pair}/ticker",
        "GET /api/v1/markets/{pair}/orderbook",
        "GET /api/v1/markets/{pair}/trades",
        "GET /api/v1/markets/{pair}/candles",
        "GET /api/v1/crypto",
        "GET /api/v1/crypto/{coin_id}",
        "GET /api/v1/crypto/{coin_id}/history",
        "GET /api/v1/health",
        "GET /api/v1/ready",
        "GET /api/v1/csrf",
        "GET /api/v1/config",
        "GET /health",
        "GET /ready",
        "GET /metrics",  # in production for private addresses
        "GET /openapi.json",  # this and what follows: not in production
        "GET /docs",
        "GET /dev/mail",
        "GET /dev/mail.json",
        "GET /dev/mail/{mail_id}",
    }
)
"""Every route that anybody may call. One that is not here must ask for an identity, or the build fails."""

OPERATORS: APIRouter = root
"""/health /ready /metrics /docs /openapi.json /dev/mail"""
