"""Checks of mail addresses and service numbers."""

import re
from unicodedata import normalize

ALIAS_MAX = 80
NAME_MAX = 200
# an address that mail servers take without quotes: no blank, no sign that parts a header
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def is_mail(text: str) -> bool:
    """Say whether this is a plain mail address."""
    local, _, _domain = text.partition("@")
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    return len(text) <= 200 and _MAIL.fullmatch(text) is not None and not dots


def is_number(text: str) -> bool:
    """Say whether this may be a service number: one signs in by it, so it must never be read as a mail address."""
    return "@" not in normalize("NFKC", text)


def masked(mail: str) -> str:
    """Return a mail address as its owner knows it again and nobody else learns it."""
    local, _, domain = mail.partition("@")
    return f"{local[:1]}…@{domain}"
