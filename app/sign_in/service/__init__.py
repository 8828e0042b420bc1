"""Use cases of sign-in: sessions, passwords, second factors, passkeys, incidents, erasure."""
