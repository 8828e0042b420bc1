"""Journey of a contact point: nominate five officers from the start page and from the matrix, read the results."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.db.session import db, transaction
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.nominations import NominationState
from app.workshops.models import Workshop
from app.workshops.service import nominations
from tests.support import nominated_events
from tests.support.examples import views
from tests.support.nominated_events import CLOSED, INTEREST, NominatedEvent, nominated_event, supervisor_of
from tests.support.page_checks import look
from tests.support.served_academy import Academy
from tests.support.settings import NOW
from tests.support.visitors import PHONE, Invite, press

pytestmark = pytest.mark.browser
CONTACT = {"country": "BG", "roles": (), "grants": ((Role.CONTACT_POINT, Scope.COUNTRY, "BG"),)}
MOST_PRESSES = 8  # to nominate five officers, counted from the page of the own country


@pytest.fixture
def event(academy: Academy) -> Iterator[NominatedEvent]:
    """An event to which Bulgaria is invited; afterwards it is over for the other journeys."""
    with academy.app.app_context():
        rules = nominated_events.rules(countries=("BG",))
        made = nominated_event(capacity=4, nomination=rules, outcomes=(("VIC-02", Level.PRACTITIONER),))
        db.session.remove()
    yield made
    with academy.app.app_context(), transaction():
        workshop = db.session.get_one(Workshop, made.workshop_id)
        workshop.state, workshop.reason = WorkshopState.CANCELLED, "The journey is over."


def _officers(academy: Academy, event: NominatedEvent) -> list[UUID]:
    """Add seven officers: five ask, of whom the first has a supervisor."""
    with academy.app.app_context():
        officers = event.officers("BG", 7)
        supervisor_of(officers[0], "BG")
        for person_id in officers[:5]:
            with transaction():
                nominations.express_interest(event.workshop_id, person_id, INTEREST, NOW)
        db.session.remove()
    return officers


def _states(academy: Academy, event: NominatedEvent, people: list[UUID]) -> list[NominationState]:
    with academy.app.app_context():
        return event.states(people)


def test_five_officers_are_nominated_without_script_and_their_results_shown(
    academy: Academy, visitor: Invite, event: NominatedEvent, ahead: list[timedelta]
) -> None:
    officers = _officers(academy, event)
    contact = visitor("en", PHONE, script=False, **CONTACT)
    page = contact.go("/country")
    presses: list[str] = []

    def use(target: Locator, *, leads_on: bool = False) -> None:
        presses.append(str(target))
        press(target) if leads_on else target.click()

    use(page.get_by_role("link", name="Nominate for WS"), leads_on=True)
    for person_id in officers[:5]:
        use(page.locator(f"[name=officer][value='{person_id}']"))
    use(page.get_by_role("button", name="Send nominations"), leads_on=True)
    assert len(presses) <= MOST_PRESSES, presses
    expect(page.locator("#live")).to_contain_text("5 officers are ranked")
    expected = [NominationState.INTERESTED] + [NominationState.NOMINATED] * 4  # one waits for the supervisor
    assert _states(academy, event, officers[:5]) == expected
    with academy.app.app_context():
        event.select()
    ahead[0] = CLOSED - NOW
    page = contact.go(f"/country/nominations/{event.workshop_id}")
    expect(page.locator("main")).to_contain_text("Next: the officer, until")
    press(page.get_by_role("link", name="Replace").first)
    expect(page.get_by_role("heading", name="Replace an officer")).to_be_visible()


@pytest.mark.parametrize("language", views("en", "ar"))
def test_pages_of_nominations_are_accessible(
    academy: Academy, visitor: Invite, event: NominatedEvent, language: str
) -> None:
    officers = _officers(academy, event)
    contact = visitor(language, **CONTACT)
    ids = "&".join(f"officer={person_id}" for person_id in officers[2:5])
    contact.go(f"/country/nominations/{event.workshop_id}?{ids}")
    assert look(contact, language, thorough=True) == []
    contact.page.locator("main details").first.click()
    assert look(contact, language, thorough=False) == []
    contact.go("/country/nominations")
    assert look(contact, language, thorough=False) == []
    with academy.app.app_context():
        nomination_id = event.row(officers[1]).id
    contact.go(f"/country/nominations/{event.workshop_id}/{nomination_id}/decline")
    assert look(contact, language, thorough=False) == []


def test_officers_of_the_matrix_fill_the_form_in_their_order(
    academy: Academy, visitor: Invite, event: NominatedEvent
) -> None:
    officers = _officers(academy, event)
    contact = visitor("en", **CONTACT)
    page = contact.go("/country/matrix")
    for person_id in officers[2:4]:
        page.locator(f"[name=officer][value='{person_id}']").check()
    press(page.get_by_role("button", name="Nominate"))
    ticked = page.locator("[name=officer]:checked")
    expect(ticked).to_have_count(2)
    assert [box.get_attribute("value") for box in ticked.all()] == [str(person_id) for person_id in officers[2:4]]
