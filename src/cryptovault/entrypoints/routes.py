"""The table of contents of the API: noun by noun, each one folder of features/."""

from fastapi import APIRouter

from cryptovault.features.api_keys.endpoints import router as api_keys
from cryptovault.features.auth.endpoints import router as auth
from cryptovault.features.auth.identities.endpoints import router as identities
from cryptovault.features.auth.passkeys.endpoints import router as passkeys
from cryptovault.features.auth.two_factor.endpoints import router as two_factor
from cryptovault.features.crypto.endpoints import router as crypto
from cryptovault.features.markets.endpoints import router as markets
from cryptovault.features.notifications.endpoints import router as notifications
from cryptovault.features.orders.endpoints import router as orders
from cryptovault.features.portfolio.endpoints import router as portfolio
from cryptovault.features.system.endpoints import root
from cryptovault.features.system.endpoints import router as system
from cryptovault.features.transactions.endpoints import router as transactions
from cryptovault.features.wallet.endpoints import router as wallet

FEATURES: tuple[APIRouter, ...] = (
    auth,  # /auth
    two_factor,  # /auth/2fa
    passkeys,  # /auth/passkeys
    identities,  # /auth/identities
    api_keys,  # /api-keys
    orders,  # /orders
    wallet,  # /wallet
    portfolio,  # /portfolio
    transactions,  # /transactions
    notifications,  # /notifications
    markets,  # /markets
    crypto,  # /crypto
    system,  # /health /ready /csrf /config
)
"""Included under /api/v1; the gate makes /api an alias of it."""

OPERATORS: APIRouter = root
"""/health /ready /metrics /docs /openapi.json /dev/mail"""
