"""Mails as `EmailMessage`: plain text and HTML."""
