"""The service about itself: health, readiness, metrics, configuration, documentation, the web app."""
