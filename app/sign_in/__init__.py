"""Sign-in: passwords, second factors, passkeys, sessions, rate limits, reauthentication, security incidents."""
