"""Journeys of coordination: fall to action, late course to answer, matrix to suggestion, requirement to exemption."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect

from app.access.policy import Actor, Role, Scope
from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue
from app.competence.domain.evidence import EvidenceKind
from app.db.session import db, transaction
from app.kernel import clock
from app.learning.domain.requirements import NewRequirement
from app.learning.service import lesson_progress, requirements
from tests.support import competence_site
from tests.support.examples import views
from tests.support.page_checks import look
from tests.support.served_academy import LAW, Academy
from tests.support.visitors import DESKTOP, PHONE, Invite, Visitor, press

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)
CORE = ("VIC-01", "VIC-02", "VIC-06", "PRO-01", "PRO-02", "LRE-04")
RESPONDER = "first_responder"
BOTH = pytest.mark.parametrize(("language", "width"), views(("en", DESKTOP), ("ar", PHONE)))


@dataclass
class Presses:
    """Presses of a user, counted: links and buttons, ticks and choices from lists."""

    user: Visitor
    count: int = 0

    @property
    def page(self) -> Page:
        return self.user.page

    def press(self, target: Locator) -> None:
        self.count += 1
        press(target)

    def choose(self, selector: str, value: str) -> None:
        self.count += 1
        self.page.select_option(selector, value)


def _coordinator(visitor: Invite, language: str = "en", width: int = DESKTOP) -> Visitor:
    return visitor(language, width, country="BG", roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))


def _contact_point(visitor: Invite, country: str, language: str = "en", width: int = DESKTOP) -> Visitor:
    return visitor(language, width, country=country, roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, country),))


def _require(academy: Academy, country: str, *, days: int) -> UUID:
    """Require the course on trafficking law of a country, agreed by two coordinators; return the course."""
    grants = ((Role.COORDINATOR, Scope.ALL, ""),)
    first, second = (
        Actor(academy.person(country="BG", roles=(), grants=grants), "BG", frozenset({Role.COORDINATOR}))
        for _ in range(2)
    )
    with academy.app.app_context():
        course = catalogue.visible(first, LAW)
        db.session.rollback()
        new = NewRequirement(countries=(country,), starts=clock.today(), due_days=days, reason="Of a journey.")
        with transaction():
            requirement_id = requirements.draft(course.course_id, new, by=first, now=clock.now())
        with transaction():
            requirements.agree(requirement_id, by=second, now=clock.now())
        db.session.remove()
    return course.course_id


def _verify(academy: Academy, person_id: UUID, *, ago: int) -> None:
    """Verify an officer in what a first responder needs, some days ago."""
    with academy.app.app_context():
        framework = catalogue.competencies()
        assert framework is not None
        needed = framework.required_of(RESPONDER)
        by, day = competence_site.assessor(), clock.today() - ago * DAY
        db.session.rollback()
        for name in CORE:
            level = needed.get(name, Level.FOUNDATION)
            competence_site.add(
                person_id, name, level, EvidenceKind.WORKSHOP, day, right=30, items=30, watched=True, assessor=by
            )
        db.session.remove()


def _faults(*users: Visitor) -> list[str]:
    return [complaint for user in users for complaint in user.complaints]


@BOTH
def test_fall_leads_to_an_action_that_the_contact_point_ends(
    academy: Academy, visitor: Invite, ahead: list[timedelta], language: str, width: int
) -> None:
    country = {"en": "RS", "ar": "MK"}[language]
    for _ in range(6):
        _verify(academy, academy.person(country=country, roles=(RESPONDER,), now=clock.now() - 300 * DAY), ago=150)
    coordinator = Presses(_coordinator(visitor, language, width))
    page = coordinator.user.go("/plan")
    row = page.locator("section[aria-labelledby=late] li", has_text="OC2.1")
    coordinator.press(row.locator("a[href*=what-if]").first)
    page.locator("#number").fill("20")
    coordinator.press(page.locator("form:has(#kind) button"))
    coordinator.press(page.locator("main a[href*='/plan/actions/new']").first)
    coordinator.choose("#owner", f"contact_point:{country}")
    page.locator("#due_on").fill((clock.today() + 5 * DAY).isoformat())
    coordinator.press(page.locator("main form button.primary"))
    action = page.url.removeprefix(coordinator.user.url)

    ahead[0] = 7 * DAY
    overdue = page.locator("section[aria-labelledby=late] li", has=page.locator(f"a[href='{action}']"))
    coordinator.user.take(academy.session(coordinator.user.person_id))
    coordinator.user.go("/plan")
    expect(overdue).to_have_count(1)
    contact = Presses(_contact_point(visitor, country, language, width))
    contact.user.go("/country")
    contact.press(contact.page.locator("main a[href*='/plan/actions']").first)
    contact.press(contact.page.locator(f"main a[href='{action}']").first)
    assert not look(contact.user, language, thorough=True)
    contact.page.set_viewport_size({"width": width, "height": 800})
    contact.page.locator("#explanation").fill("Twenty seats are booked.")
    contact.press(contact.page.locator("button[formaction$=finish]"))
    coordinator.user.go("/plan")
    expect(overdue).to_have_count(0)
    assert coordinator.count + contact.count <= 12
    assert not _faults(coordinator.user, contact.user)


def test_late_course_is_reminded_of_and_answered(academy: Academy, visitor: Invite, ahead: list[timedelta]) -> None:
    for _ in range(6):
        academy.person(country="AZ", roles=(RESPONDER,))
    _require(academy, "AZ", days=30)
    ahead[0] = 45 * DAY
    coordinator, contact = Presses(_coordinator(visitor)), Presses(_contact_point(visitor, "AZ"))
    page = coordinator.user.go("/plan/completion")
    coordinator.press(page.locator("main a[href*='/plan/late'][href*='AZ']").first)
    row = page.locator("main tbody tr", has_text="M01").first
    expect(row).to_contain_text("6 overdue")
    coordinator.press(row.locator("a[href*=remind]"))
    coordinator.press(page.locator("main form button.primary"))
    expect(page.locator("main tbody tr", has_text="M01").first).to_contain_text("Last reminded on")

    contact.user.go("/")
    contact.press(contact.page.locator("main a[href*='/reminders']").first)
    if not contact.page.locator("#by").count():
        contact.press(contact.page.locator("main a[href*='/reminders/']").first)
    expect(contact.page.locator("main")).to_contain_text("M01")
    contact.page.locator("input[name=kind][value=done_by]").check()
    contact.count += 1
    answer = clock.today() + 15 * DAY
    contact.page.locator("#by").fill(answer.isoformat())
    contact.press(contact.page.locator("main form button.primary"))

    coordinator.user.go("/plan/late")
    coordinator.press(page.locator("main a[href='/plan/reminders']"))
    answered = page.locator("main tbody tr", has_text="M01").first
    expect(answered).to_contain_text("Answered")
    expect(answered).to_contain_text(f"Done by {answer.day} {answer:%B %Y}")
    assert coordinator.count <= 4
    assert contact.count <= 4
    assert not _faults(coordinator.user, contact.user)


def test_ten_officers_get_a_suggestion_in_six_presses(academy: Academy, visitor: Invite) -> None:
    officers = [academy.person(country="HU", roles=(RESPONDER,), alias=f"Patrol officer {n}") for n in range(1, 11)]
    contact = Presses(_contact_point(visitor, "HU"))
    page = contact.user.go("/country/matrix")
    contact.choose("#needs", "VIC-02")
    contact.press(page.locator("form.filters button").first)
    contact.choose("#who", "found")
    expect(page.locator("#who option:checked")).to_have_text("All 10 found")
    contact.press(
        page.locator(
            "main form[method=post] button[formaction$='/suggestion'], main form[method=post] button.primary"
        ).first
    )
    assert not look(contact.user, "en", thorough=True)
    page.select_option(
        "#course", index=[text[:3] for text in page.locator("#course option").all_inner_texts()].index("M01")
    )
    page.locator("#due_on").fill((clock.today() + 30 * DAY).isoformat())
    contact.press(page.locator("main form button.primary"))
    expect(page.locator("main form button.primary")).to_have_text("Suggest to 10 officers")
    assert not look(contact.user, "en", thorough=True)
    contact.press(page.locator("main form button.primary"))
    expect(page.locator("h1")).to_have_text("Suggested to 10 officers")
    assert contact.count <= 6
    assert _counted(contact.user, "not_started") == 10
    with academy.app.app_context():
        reader = Actor(officers[0], "HU", frozenset({Role.PRACTITIONER}))
        course = catalogue.visible(reader, LAW)
        db.session.rollback()
        with transaction():
            lesson_progress.begin(officers[0], course, clock.now())
        db.session.remove()
    assert (_counted(contact.user, "not_started"), _counted(contact.user, "in_progress")) == (9, 1)
    assert not _faults(contact.user)


def _counted(user: Visitor, state: str) -> int:
    """Return how many officers of the matrix are in a state of a course."""
    page = user.go(f"/country/matrix?state={state}")
    return int(page.locator("main .lead").inner_text().split()[0]) if page.locator("main tbody").count() else 0


def test_requirement_is_agreed_and_an_officer_is_exempted(academy: Academy, visitor: Invite) -> None:
    officers = [academy.person(country="NL", roles=(RESPONDER,), alias=f"Harbour officer {n}") for n in (1, 2)]
    academy.person(country="NL", roles=(), alias="Without a role", grants=((Role.PRACTITIONER, Scope.COUNTRY, "NL"),))
    first, second = Presses(_coordinator(visitor)), Presses(_coordinator(visitor))
    page = first.user.go("/plan/required/new")
    page.select_option(
        "#course", index=[text[:3] for text in page.locator("#course option").all_inner_texts()].index("M02")
    )
    page.locator("input[name=countries][value=NL]").check()
    page.locator("#due_days").fill("60")
    page.locator("#reason").fill("Agreed by the board.")
    first.press(page.locator("main form button.primary"))
    expect(page.locator("main")).to_contain_text("Waits for a second person")
    expect(page.locator("button[formaction$=agree]")).to_have_count(0)

    second.user.go("/plan/required")
    second.press(second.page.locator("main tbody tr", has_text="Netherlands").locator("a").first)
    second.press(second.page.locator("button[formaction$=agree]"))
    second.user.go("/plan/required")
    gap = second.page.locator("section[aria-labelledby=exceptions] tbody tr", has_text="Netherlands")
    expect(gap).to_contain_text("The officer has no role in the agency.")

    contact = Presses(_contact_point(visitor, "NL"))
    contact.user.go("/country/completion?state=not_started")
    expect(contact.page.locator("main tbody tr")).to_have_count(2)
    contact.user.go(f"/country/exemptions/officers/{officers[0]}")
    contact.page.locator("#until").fill((clock.today() + 30 * DAY).isoformat())
    contact.press(contact.page.locator("main form button.primary"))
    contact.user.go("/country/completion?state=exempt")
    expect(contact.page.locator("main tbody tr")).to_have_count(1)
    expect(contact.page.locator("main tbody tr")).to_contain_text("Harbour officer 1")
    assert first.count + second.count + contact.count <= 5
    assert not _faults(first.user, second.user, contact.user)
