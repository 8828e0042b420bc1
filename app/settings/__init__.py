"""The own settings: profile and security."""
