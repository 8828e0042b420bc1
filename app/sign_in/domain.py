"""Rules of sign-in without database or request: rate limits, lifetimes of sessions and codes, browser families."""

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
    """The pages that a session opens: all, the second factor only, or (readmitted) the setup of new factors."""

    HALF = "half"
    READMITTED = "readmitted"
    WHOLE = "whole"


class Factor(StrEnum):
    """A second factor beside the password."""

    APP = "app"
    PASSKEY = "passkey"
    PRINTED = "printed"


class CodeKind(StrEnum):
    RECOVERY = "recovery"
    PRINTED = "printed"
    READMISSION = "readmission"


class IncidentReason(StrEnum):
    """Why an incident began; short, since all users see it."""

    STOLEN_PASSWORD = "stolen_password"  # noqa: S105 - a reason, no password
    LOST_DEVICE = "lost_device"
    LEAK = "leak"
    MISUSE = "misuse"
    DRILL = "drill"


class Ceremony(StrEnum):
    """The purpose of a passkey challenge."""

    ADD = "add"
    SIGN_IN = "sign_in"
    SECOND_STEP = "second_step"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class BrowserInfo:
    """The browser of a sign-in: the families of browser and system ("" if unknown), and the id of the browser."""

    browser: str = ""
    system: str = ""
    browser_id: str = ""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """The longest idle time and the longest duration of a session."""

    idle: timedelta
    whole: timedelta


def lifetime(roles: frozenset[Role]) -> Lifetime:
    """Return the lifetime of a session by the roles of the person; it is shorter for staff."""
    if roles & STAFF:
        return Lifetime(timedelta(minutes=15), timedelta(hours=8))
    return Lifetime(timedelta(minutes=60), timedelta(hours=12))


def needs_second_factor(roles: frozenset[Role], *, country_asks: bool) -> bool:
    """Return whether a second factor is required: for all staff, else by the setting of the country."""
    return bool(roles & STAFF) or country_asks


def read_code(text: str) -> str:
    """Return a typed code as ASCII digits without gaps, from digits of any script; "" for any other text."""
    characters = [c for c in normalize("NFKC", text) if not (c.isspace() or c in "-\u200e\u200f\u2066\u2069")]
    digits = [decimal(character, None) for character in characters[:64]]
    return "" if None in digits or len(characters) > 64 else "".join(str(digit) for digit in digits)


def in_two_halves(code: str) -> str:
    """Return a code in two halves for display."""
    return f"{code[: len(code) // 2]} {code[len(code) // 2 :]}"


def browser_families(user_agent: str) -> tuple[str, str]:
    """Return the families of browser and system of a user agent; "" for an unknown one."""
    browser = next((name for token, name in BROWSERS if token in user_agent), "")
    return browser, next((name for token, name in SYSTEMS if token in user_agent), "")


@dataclass(frozen=True, slots=True)
class Limit:
    """A rate limit: at most `failures` within `window`."""

    failures: int
    window: timedelta


# an account or address allows a user some wrong entries, but no guessing; the limit of all together applies where
# guesses are spread over many accounts and addresses
ACCOUNT_LIMITS = (Limit(5, timedelta(minutes=1)), Limit(10, timedelta(minutes=5)))
TOTAL_LIMITS = (Limit(1000, timedelta(minutes=5)),)
LONGEST_WINDOW = max(limit.window for limit in (*ACCOUNT_LIMITS, *TOTAL_LIMITS))
NO_ADDRESS = ""  # of a failure that already counts for its address
CODE_LIMITS = (Limit(5, timedelta(minutes=5)), Limit(20, timedelta(hours=1)), Limit(50, timedelta(days=1)))
LONGEST_CODE_WINDOW = max(limit.window for limit in CODE_LIMITS)
PENDING_SESSION_LIFETIME = timedelta(minutes=10)  # between password and second factor
REPEATED_SUBMIT_WINDOW = timedelta(
    minutes=10
)  # a form sent again in this time is one submit: a lost response or a double click
REAUTHENTICATION_LIFETIME = timedelta(minutes=10)  # how long sign-in settings can be changed after authentication
CHALLENGE_LIFETIME = timedelta(minutes=5)
RESET_CODE_LIFETIME = timedelta(hours=72)
CODE_SECONDS, APP_DIGITS = 30, 6
CODE_COUNTS = {CodeKind.RECOVERY: 10, CodeKind.PRINTED: 30, CodeKind.READMISSION: 1}
# the length of a code tells its kind, so that one field takes all kinds
CODE_DIGITS = {CodeKind.RECOVERY: 10, CodeKind.PRINTED: 8, CodeKind.READMISSION: 8}
FEW_CODES = 3
# the first match counts: user agents also name the browsers that they descend from
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def network(address: str) -> str:
    """Return the network that counts as one address: an IPv6 subscriber owns a whole /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    # a dual-stack listener writes IPv4 addresses so: in one /64, one guesser would lock out all users
    return str(parsed.ipv4_mapped or ip_network(f"{parsed}/64", strict=False))


def remaining_wait(failures: Sequence[datetime], limits: Sequence[Limit], now: datetime) -> timedelta:
    """Return the wait before the next attempt, from the times of failures in any order; zero for none."""
    longest = timedelta(0)
    for limit in limits:
        recent = sorted(at for at in failures if now - at < limit.window)
        if len(recent) >= limit.failures:
            longest = max(longest, recent[-limit.failures] + limit.window - now)
    return longest
