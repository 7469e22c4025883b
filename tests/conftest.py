"""Fixtures that every test may ask for."""

pytest_plugins = [
    "fixtures.services",
    "fixtures.processes",
    "fixtures.nodes",
    "fixtures.api",
    "fixtures.trading",
    "fixtures.sign_in_providers",
]
