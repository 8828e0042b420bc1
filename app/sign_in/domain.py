"""Rules of accounts: limits on guessing, how long a session lives, what a password must be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network
from unicodedata import decimal, normalize

from app.access.policy import STAFF, Role

PASSPHRASE_MIN = 15
PASSPHRASE_MAX = 128


class Stage(StrEnum):
    """What a session opens: everything, the second step alone, or (readmitted) the choice of new factors."""

    HALF = "half"
    READMITTED = "readmitted"
    WHOLE = "whole"


class Factor(StrEnum):
    """What proves a person beside the password."""

    APP = "app"
    PASSKEY = "passkey"
    PRINTED = "printed"


class CodeKind(StrEnum):
    RECOVERY = "recovery"
    PRINTED = "printed"
    READMISSION = "readmission"


class IncidentReason(StrEnum):
    """Why everything is shut: the words say no more, since people see them."""

    STOLEN_PASSWORD = "stolen_password"  # noqa: S105 - a reason, no password
    LOST_DEVICE = "lost_device"
    LEAK = "leak"
    MISUSE = "misuse"
    DRILL = "drill"


class Ceremony(StrEnum):
    """What a passkey's challenge was given out for."""

    ADD = "add"
    SIGN_IN = "sign_in"
    SECOND_STEP = "second_step"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class BrowserInfo:
    """Where somebody signs in: the families of browser and system ("" when unknown), a mark of the browser's own."""

    browser: str = ""
    system: str = ""
    mark: str = ""


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


def needs_second_factor(roles: frozenset[Role], *, country_asks: bool) -> bool:
    """Say whether a password alone opens nothing: for all staff, else by the country's setting (security S3)."""
    return bool(roles & STAFF) or country_asks


def read_code(text: str) -> str:
    """Return a typed code as plain digits, whatever its digits' script and its gaps; "" when it is none."""
    signs = [sign for sign in normalize("NFKC", text) if not (sign.isspace() or sign in "-\u200e\u200f\u2066\u2069")]
    digits = [decimal(sign, None) for sign in signs[:64]]
    return "" if None in digits or len(signs) > 64 else "".join(str(digit) for digit in digits)


def spaced(code: str) -> str:
    """Return a code as it is shown: in two halves."""
    return f"{code[: len(code) // 2]} {code[len(code) // 2 :]}"


def browser_families(user_agent: str) -> tuple[str, str]:
    """Return the families of browser and system that a browser names; "" for one that is not known."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    return browser, next((name for sign, name in SYSTEMS if sign in user_agent), "")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `failures` within `window`."""

    failures: int
    window: timedelta


# security S4: an account, an address, and all together
ACCOUNT_LIMITS = (Limit(5, timedelta(minutes=1)), Limit(10, timedelta(minutes=5)))
TOTAL_LIMITS = (Limit(1000, timedelta(minutes=5)),)
LONGEST_WINDOW = max(limit.window for limit in (*ACCOUNT_LIMITS, *TOTAL_LIMITS))
NO_ADDRESS = ""  # of a failure that is counted at its address already
CODE_LIMITS = (Limit(5, timedelta(minutes=5)), Limit(20, timedelta(hours=1)), Limit(50, timedelta(days=1)))
LONGEST_CODE_WINDOW = max(limit.window for limit in CODE_LIMITS)
PENDING_SESSION_LIFETIME = timedelta(minutes=10)  # between the two steps
REPEATED_SUBMIT_WINDOW = timedelta(minutes=10)  # the same form is the same press: its answer was lost, or it was double
REAUTHENTICATION_LIFETIME = timedelta(minutes=10)  # how long after proving oneself one may change how one signs in
CHALLENGE_LIFETIME = timedelta(minutes=5)
RESET_CODE_LIFETIME = timedelta(hours=72)
CODE_SECONDS, APP_DIGITS = 30, 6
CODE_COUNTS = {CodeKind.RECOVERY: 10, CodeKind.PRINTED: 30, CodeKind.READMISSION: 1}
# a code's length says which kind it is, so that one field takes them all
CODE_DIGITS = {CodeKind.RECOVERY: 10, CodeKind.PRINTED: 8, CodeKind.READMISSION: 8}
FEW_CODES = 3
# the first that a browser names is the one: each also names those that it descends from
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def network(address: str) -> str:
    """Return what counts as one address: an IPv6 subscriber has a whole /64 to try from."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    # a listener for both writes IPv4 addresses so: of one /64, one guesser would shut out everybody
    return str(found.ipv4_mapped or ip_network(f"{found}/64", strict=False))


def remaining_wait(failures: Sequence[datetime], limits: Sequence[Limit], now: datetime) -> timedelta:
    """Return how long the next try has to wait, given the times of failures in any order; zero for not at all."""
    longest = timedelta(0)
    for limit in limits:
        recent = sorted(at for at in failures if now - at < limit.window)
        if len(recent) >= limit.failures:
            longest = max(longest, recent[-limit.failures] + limit.window - now)
    return longest
