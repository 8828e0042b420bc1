"""Handlers that turn events of other packages into notices and mails."""
