"""What it runs on: clients and adapters for the outside. No business rule lives here."""
