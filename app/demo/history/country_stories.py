"""What contact points did in the stories of their countries: the last sign-ins, and an officer under threat."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.directory.service import postings
from app.kernel import clock
from app.sign_in.domain import BrowserInfo
from app.sign_in.service import sessions

THREATENED_COUNTRY, THREATENED_ROLE, PROTECTED_DAY = "NL", "investigator", -35
SILENT_COUNTRY, SILENT_DAYS = "AZ", 40
RECENT_DAYS = 6  # the other contact points signed in on one of the last days


def actions(office: DemoStaff) -> Iterator[TimedAction]:
    """Return the last sign-in of each contact point, and the protection of an officer."""
    for number, (country, person_id) in enumerate(sorted(office.contacts.items())):
        days = SILENT_DAYS if country == SILENT_COUNTRY else 1 + number % RECENT_DAYS
        yield TimedAction(office.at(-days), person_id, partial(_sign_in, person_id, country, days))
    at = office.at(PROTECTED_DAY)
    officer = office.officer(THREATENED_COUNTRY, THREATENED_ROLE, at)
    if officer is not None:
        act = partial(postings.protect, officer, protected=True, titles=(), today=at.date())
        yield TimedAction(at, office.contacts[THREATENED_COUNTRY], act)


def _sign_in(person_id: UUID, country: str, days: int) -> None:
    browser = BrowserInfo("Firefox", "Windows", f"browser of the contact point of {country}")
    real_now = clock.real_now() - timedelta(days=days)
    sessions.start_session(person_id, shared=False, real_now=real_now, browser=browser)
