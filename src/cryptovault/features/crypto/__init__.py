"""Coins: names, prices in US dollars, sparklines and history."""
