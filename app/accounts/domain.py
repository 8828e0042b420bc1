"""Rules of accounts: limits on guessing, how long a session lives, what a password must be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network

from app.access.policy import STAFF, Role

PASSPHRASE_MIN = 15
PASSPHRASE_MAX = 128


class AgencyKind(StrEnum):
    BORDER = "border"
    POLICE = "police"
    PROSECUTION = "prosecution"
    LABOUR = "labour"
    MIGRATION = "migration"
    OTHER = "other"


class PersonState(StrEnum):
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class Scope(StrEnum):
    """How far a granted role reaches."""

    SELF = "self"
    COUNTRY = "country"
    COURSE = "course"
    EVENT = "event"
    ALL = "all"


class Appearance(StrEnum):
    DEVICE = "device"
    LIGHT = "light"
    DARK = "dark"


class MailRhythm(StrEnum):
    WEEKLY = "weekly"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session may stay unused, and how long it lives at most."""

    idle: timedelta
    whole: timedelta


def lifetime(roles: frozenset[Role]) -> Lifetime:
    """Return a session's lifetime by the roles held (security S5)."""
    if roles & STAFF:
        return Lifetime(timedelta(minutes=15), timedelta(hours=8))
    return Lifetime(timedelta(minutes=60), timedelta(hours=12))


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `failures` within `window`."""

    failures: int
    window: timedelta


# security S4: an account, an address, and all together
ONE = (Limit(5, timedelta(minutes=1)), Limit(10, timedelta(minutes=5)))
ALL = (Limit(1000, timedelta(minutes=5)),)
LONGEST = max(limit.window for limit in (*ONE, *ALL))


def network(address: str) -> str:
    """Return what counts as one address: an IPv6 subscriber has a whole /64 to try from."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)


def wait(failures: Sequence[datetime], limits: Sequence[Limit], now: datetime) -> timedelta:
    """Return how long the next try has to wait, given the times of failures in any order; zero for not at all."""
    longest = timedelta(0)
    for limit in limits:
        recent = sorted(at for at in failures if now - at < limit.window)
        if len(recent) >= limit.failures:
            longest = max(longest, recent[-limit.failures] + limit.window - now)
    return longest
