"""Rules of check-in: the code on the screen of the room, how long it is valid, and check-ins that were sent later.

A code is derived from a secret of the session and the time step, so that it needs no row for each step.
"""

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

STEP = timedelta(seconds=30)  # the screen shows a new code
VALID = timedelta(seconds=90)  # from the moment at which the screen begins to show a code
EARLY = timedelta(minutes=30)  # before a session the screen may show codes already
FIGURES = 6
SECRET_BYTES = 32


class CheckInState(StrEnum):
    """The state of a check-in; only a recorded or confirmed one is an attendance."""

    RECORDED = "recorded"  # the code was valid when it arrived
    WAITING = "waiting"  # sent later: the trainer confirms or declines it
    CONFIRMED = "confirmed"
    DECLINED = "declined"


DECIDED = (CheckInState.CONFIRMED, CheckInState.DECLINED)


def step_of(moment: datetime) -> int:
    """Return the number of the time step of a moment."""
    return int(moment.timestamp() // STEP.total_seconds())


def code_at(secret: bytes, step: int) -> str:
    """Return the code of a time step: six figures (RFC 4226, with SHA-256)."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), "sha256").digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**FIGURES:0{FIGURES}}"


def is_valid(secret: bytes, code: str, now: datetime) -> bool:
    """Return whether the screen began to show the code less than 90 seconds ago."""
    return any(hmac.compare_digest(code_at(secret, step), code) for step in _valid_steps(now))


def shown_at(secret: bytes, code: str, *, first: datetime, last: datetime) -> datetime | None:
    """Return when the screen began to show a code between two moments, the latest time; None if it never did."""
    for step in range(step_of(last), step_of(first) - 1, -1):
        if hmac.compare_digest(code_at(secret, step), code):
            return datetime.fromtimestamp(step * STEP.total_seconds(), first.tzinfo)
    return None


def seconds_left(now: datetime) -> int:
    """Return the seconds until the screen shows the next code, from 1 to 30."""
    return int(STEP.total_seconds()) - int(now.timestamp()) % int(STEP.total_seconds())


def read_code(text: str) -> str:
    """Return the figures of a typed code in ASCII, "" for a text that is none."""
    signs = [sign for sign in text if not sign.isspace() and sign not in "-\u200e\u200f"]
    if len(signs) != FIGURES or not all(sign.isdecimal() for sign in signs):
        return ""
    return "".join(str(int(sign)) for sign in signs)


def in_halves(code: str) -> str:
    """Return a code as the screen shows it, in two halves."""
    return f"{code[: FIGURES // 2]} {code[FIGURES // 2 :]}"


def is_open(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Return whether the room may show codes: from half an hour before a session until its end."""
    return starts_at - EARLY <= now < ends_at


def _valid_steps(now: datetime) -> Iterator[int]:
    current, steps = step_of(now), int(VALID / STEP)
    yield from range(current, current - steps, -1)
