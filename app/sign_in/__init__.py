"""Signing in: passwords, second factors, passkeys, sessions, rate limits, security incidents."""
