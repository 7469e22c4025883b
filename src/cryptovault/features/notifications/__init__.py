"""What users are told, where they want it, and the Telegram bot that tells them."""
