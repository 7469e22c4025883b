"""Markets: definitions, tickers, books, trades and candles, and the house's market maker."""
