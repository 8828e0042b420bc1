"""Validate mail addresses and service numbers, which are both names to sign in with; mask a mail address."""

import re
from unicodedata import normalize

ALIAS_MAX = 80
NAME_MAX = 200
# an address that mail servers accept without quotes: no blank, no character that separates headers
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def is_mail(text: str) -> bool:
    """Return whether this is a plain mail address."""
    local, _, _domain = text.partition("@")
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    return len(text) <= 200 and _MAIL.fullmatch(text) is not None and not dots


def is_number(text: str) -> bool:
    """Return whether this may be a service number: a sign-in name that must never be read as a mail address."""
    return "@" not in normalize("NFKC", text)


def masked(mail: str) -> str:
    """Return a mail address in a form that only its owner recognises."""
    local, _, domain = mail.partition("@")
    return f"{local[:1]}…@{domain}"
