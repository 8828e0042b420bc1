"""The user's own settings at /settings: languages, display, alias, password, second factors and devices."""
